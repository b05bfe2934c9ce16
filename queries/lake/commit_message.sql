-- Writes author, message and details on the snapshot of the open transaction.
-- Parameters: $author, $message, $extra (text; the last is JSON)
call lake.set_commit_message($author, $message, extra_info => $extra)
