"""Sign-in through an OpenID Connect provider, which Streamlit's own st.login carries out."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from streamlit.auth_util import get_cookie_with_chunks
from streamlit.web.server.server_util import get_cookie_secret
from streamlit.web.server.starlette.starlette_app_utils import decode_signed_value
from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME

from app.access import roster, sessions
from app.access.sessions import Session
from app.settings import Settings


def configuration(store: Settings) -> dict[str, Any]:
    """What Streamlit expects under `auth` among its secrets."""
    access = store.access
    return {
        "redirect_uri": f"{access.url}/oauth2callback",
        "cookie_secret": sessions.secret(store),
        "client_id": access.oidc_client,
        "client_secret": access.oidc_secret,
        "server_metadata_url": access.oidc_metadata,
    }


def session(store: Settings, cookies: Mapping[str, str]) -> Session | None:
    """The session that Streamlit's cookie stands for, begun when the provider said who it is.

    None where there is no such cookie, it is not ours, or it lacks the claim that names the person.
    """
    claims = _claims(cookies)
    named, begun = claims.get(store.access.oidc_claim), claims.get("iat")
    if not claims.get("is_logged_in") or not isinstance(named, str) or not named:
        return None
    if not isinstance(begun, int | float):
        return None
    if store.access.oidc_claim == "email" and claims.get("email_verified") is False:
        return None
    same = [claims.get(name) for name in ("iss", "sub", "iat", "nonce")]
    name = hashlib.sha256(json.dumps(same).encode()).hexdigest()[:32]
    ends = begun + store.access.hours * 3600
    return Session(name, roster.plain_id(named), float(begun), ends)


def _claims(cookies: Mapping[str, str]) -> dict[str, Any]:
    secret = get_cookie_secret()

    def unsigned(name: str) -> bytes | None:
        value = cookies.get(name)
        signed = None if value is None else value.encode("latin-1", "replace")
        return None if signed is None else decode_signed_value(secret, name, signed)

    try:
        found = json.loads(get_cookie_with_chunks(unsigned, USER_COOKIE_NAME) or b"{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
