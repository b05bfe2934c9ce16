"""What is imperfect in the sample, by the names of the counties: late, absent, empty, wrong."""

from __future__ import annotations

# Rows empty in the quarter's workbook and filled in by the one that came late.
LATE = {
    ("care_beds", "2021Q2"): ["遂溪县", "徐闻县"],
    ("care_beds", "2023Q3"): ["紫金县", "龙川县", "和平县", "廉江市"],
    ("child_welfare", "2022Q1"): ["普宁市", "惠来县", "揭西县"],
    ("child_welfare", "2024Q2"): ["化州市", "英德市"],
    ("disability_allowances", "2021Q4"): ["潮阳区", "潮南区"],
    ("disability_allowances", "2023Q2"): ["五华县", "兴宁市", "丰顺县"],
    ("low_income_monitoring", "2024Q1"): ["紫金县", "连平县"],
    ("social_assistance", "2023Q3"): ["高州市", "信宜市"],
    ("social_work_stations", "2022Q3"): ["封开县", "怀集县"],
    ("social_work_stations", "2023Q4"): ["连州市", "阳山县", "饶平县"],
    ("town_support", "2024Q2"): ["兴宁市", "揭西县"],
    ("tekun_care", "2023Q3"): ["信宜市", "高州市"],
    ("mental_rehab", "2024Q2"): ["大埔县", "丰顺县"],
    ("village_services", "2024Q3"): ["雷州市", "遂溪县", "徐闻县"],
    ("social_forces", "2023Q4"): ["连平县", "龙川县"],
}

# Rows that never came.
ABSENT = {
    ("care_beds", "2021Q1"): ["连山壮族瑶族自治县", "云安区", "电白区"],
    ("care_beds", "2021Q3"): ["连山壮族瑶族自治县"],
    ("care_beds", "2022Q2"): ["陆丰市", "恩平市"],
    ("care_beds", "2024Q4"): ["陆丰市", "乐昌市", "赤坎区", "三水区"],
    ("child_welfare", "2021Q3"): ["霞山区"],
    ("child_welfare", "2023Q1"): ["乳源瑶族自治县", "麻章区"],
    ("child_welfare", "2024Q4"): ["吴川市", "连南瑶族自治县", "斗门区"],
    ("disability_allowances", "2021Q1"): ["南澳县", "鼎湖区"],
    ("disability_allowances", "2022Q3"): ["平远县"],
    ("disability_allowances", "2024Q4"): ["罗定市", "潮南区", "惠东县"],
    ("low_income_monitoring", "2023Q1"): ["云城区"],
    ("low_income_monitoring", "2024Q4"): ["海丰县", "新丰县", "金湾区"],
    ("social_assistance", "2023Q2"): ["湘桥区"],
    ("social_assistance", "2024Q4"): ["遂溪县", "翁源县", "海珠区"],
    ("social_work_stations", "2021Q1"): ["雷州市", "金湾区", "德庆县"],
    ("social_work_stations", "2023Q1"): ["阳春市"],
    ("social_work_stations", "2024Q4"): ["阳西县", "新丰县", "龙岗区"],
    ("town_support", "2023Q1"): ["濠江区"],
    ("town_support", "2024Q4"): ["徐闻县", "南雄市", "高明区"],
    ("tekun_care", "2023Q1"): ["始兴县", "蓬江区"],
    ("tekun_care", "2024Q4"): ["揭西县", "佛冈县", "香洲区"],
    ("mental_rehab", "2023Q2"): ["连南瑶族自治县"],
    ("mental_rehab", "2024Q4"): ["海丰县", "阳春市", "鼎湖区"],
    ("village_services", "2023Q1"): ["乐昌市", "禅城区"],
    ("village_services", "2024Q4"): ["化州市", "五华县", "澄海区"],
    ("social_forces", "2023Q2"): ["英德市"],
    ("social_forces", "2024Q4"): ["普宁市", "平远县", "盐田区"],
}

# Single cells left empty in a row that was reported.
EMPTY = {
    ("care_beds", "2022Q4", "信宜市"): "residents_disabled",
    ("care_beds", "2024Q4", "佛冈县"): "residents",
    ("child_welfare", "2022Q3", "大埔县"): "applications_cross_province_ytd",
    ("child_welfare", "2024Q4", "郁南县"): "paid_children",
    ("disability_allowances", "2023Q3", "东源县"): "paid_by_one_card",
    ("disability_allowances", "2024Q4", "封开县"): "certified_disabled",
    ("low_income_monitoring", "2024Q4", "化州市"): "relapse_risk_in_assistance",
    ("social_assistance", "2024Q2", "大埔县"): "single_person_cases",
    ("social_work_stations", "2022Q2", "仁化县"): "stations_standardised",
    ("social_work_stations", "2024Q4", "阳东区"): "people_served_ytd",
    ("town_support", "2023Q4", "饶平县"): "contact_visits_ytd",
    ("tekun_care", "2024Q4", "南雄市"): "tekun_disabled_institution",
    ("mental_rehab", "2024Q4", "新兴县"): "participants",
    ("village_services", "2024Q4", "廉江市"): "villages_deliberation",
    ("social_forces", "2024Q4", "和平县"): "volunteers",
}

# As first reported, times the truth; the revision brings the truth. 英德市 counted each point
# twice, 罗定市 counted those who had only enrolled for the examination as certified, 和平县 counted
# edge families as households, 廉江市 gave those visited in the last month of the quarter only.
CORRECTED = {
    ("social_assistance", "2023Q4"): {"和平县": ("dibao_edge_persons", 0.4)},
    ("social_work_stations", "2023Q2"): {
        "英德市": ("service_points", 2.0),
        "罗定市": ("social_workers_certified", 1.6),
    },
    ("tekun_care", "2023Q4"): {"廉江市": ("elderly_visited", 0.55)},
}

# A slip of the keyboard that nobody has corrected: ten times as many social workers as there are.
SLIP = ("social_work_stations", "2024Q3", "南澳县", "social_workers", 10)

# The quarter from which a county pays the year's new standard; 5 means not within the year.
RAISED_LATE: dict[str, dict[int, dict[str, int]]] = {
    "child_welfare": {
        2022: {"陆河县": 3},
        2023: {"陆河县": 2, "徐闻县": 2},
        2024: {
            "陆河县": 4, "化州市": 2, "廉江市": 2, "紫金县": 3, "饶平县": 2, "连平县": 5,
        },
    },
    "disability_allowances": {
        2022: {"陆河县": 2},
        2023: {"陆河县": 3, "阳山县": 2},
        2024: {"陆河县": 3, "惠来县": 2, "雷州市": 2, "五华县": 5},
    },
    "social_assistance": {
        2023: {"陆河县": 3, "连平县": 2},
        2024: {"陆河县": 3, "龙川县": 2, "海丰县": 2, "郁南县": 5},
    },
}  # fmt: skip

# Townships without a station at the end of 2022 and at the end of 2024.
WITHOUT_STATION = {
    "陆河县": (3, 2), "连山壮族瑶族自治县": (2, 1), "阳山县": (3, 2), "陆丰市": (5, 3),
    "徐闻县": (2, 1), "紫金县": (3, 1), "高州市": (2, 1), "龙川县": (3, 1), "化州市": (2, 1),
    "饶平县": (2, 1), "罗定市": (1, 1), "和平县": (2, 2), "乐昌市": (1, 0), "英德市": (2, 0),
    "怀集县": (1, 1), "潮安区": (1, 0), "电白区": (2, 1), "清新区": (1, 1),
}  # fmt: skip

# Townships with a second station. 揭阳 reported 94 stations for its 85 townships and subdistricts
# (website of the city's government); which of them have two is assumed.
SECOND_STATIONS = {"榕城区": 1, "揭东区": 2, "惠来县": 2, "普宁市": 4}
SECOND_FROM = "2022Q4"

# Counties that reach clearly fewer of those who may draw the living allowance.
SHORT_OF_POOR = ("廉江市", "郁南县", "潮阳区")

# Counties without community rehabilitation for mental disorders at the end of 2024.
WITHOUT_REHABILITATION = (
    "连山壮族瑶族自治县", "连南瑶族自治县", "新丰县", "平远县", "徐闻县", "陆丰市", "南澳县",
    "和平县", "阳山县", "饶平县", "云安区", "封开县", "乳源瑶族自治县", "惠来县",
)  # fmt: skip

# A county that falls short almost everywhere, so that targets are missed by various distances.
WEAK = "陆河县"
