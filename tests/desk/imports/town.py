"""A town that comes to the small bank of tests/cast.py by import: one file of each kind, all of it right."""

from __future__ import annotations

from pathlib import Path

from desk.imports.files import FILES

TOWN = {
    "institutions": """code,name,level,kind,parent_code,cnaps_code
KM,昆明分行,TIER2,BRANCH,YN,105100000017
YN,云南省分行,TIER1,BRANCH,HQ,
KMW,昆明理财中心,TIER2,WEALTH_CENTRE,KM,
KMO,翠湖网点,OUTLET,BRANCH,KMS,
KMS,五华支行,SUB_BRANCH,BRANCH,KM,
""",
    "staff": """number,name,identity_kind,identity_number,mobile
K1,高明,PASSPORT,E1000001,13800138000
K2,方圆,PASSPORT,E1000002,
K3,路遥,PASSPORT,E1000003,
""",
    "assignments": """staff_number,role,institution_code,department,full_time,valid_from,valid_to
K1,cust_mgr,KMW,WEALTH_CENTRE,true,2025-01-01,
K2,wc_head,KMW,WEALTH_CENTRE,true,2025-01-01,
K3,teller,HQ,OPERATIONS,false,2025-01-01,2027-01-01
""",
    "supervision_lines": """supervisor_number,staff_number,valid_from,valid_to
K2,K1,2025-01-01,
""",
    "customers": """number,name,identity_kind,identity_number,gender,birth_date,mobile,address,owner_code,opened_on
K00001,李雷,RESIDENT_ID,110105198001010016,MALE,1980-01-01,13900139001,云南省昆明市五华区某路1号,KM,2010-05-04
K00002,韩梅梅,PASSPORT,E1000001,,,,,KMS,2011-05-04
""",
    "manager_assignments": """customer_number,manager_number,valid_from,valid_to
K00001,K1,2025-01-01,2025-07-01
K00001,K2,2025-07-01,
K00002,K1,2025-01-01,
""",
    "accounts": """number,customer_number,institution_code,kind,currency,opened_on,closed_on
6217000010000000100,K00001,KM,SAVINGS,CNY,2010-05-04,
6217000010000000101,K00002,KMO,SAVINGS,JPY,2011-05-04,
6217000010000000102,K00002,KMO,CARD,CNY,2011-05-04,2025-12-31
""",
    "account_holders": """account_number,customer_number,role
6217000010000000100,K00002,DISPONENT
6217000010000000100,K00001,OWNER
""",
    "day_end_balances": """account_number,day,amount
6217000010000000100,2026-01-31,512345.67
6217000010000000100,2026-02-28,-1.5
6217000010000000101,2026-01-31,100000
""",
    "month_average_balances": """account_number,month,amount
6217000010000000102,2026-02,498000.00
""",
    "transactions": '''account_number,reference,day,direction,kind,amount,balance_after,summary,counterparty_bank
6217000010000000100,T1,2026-01-15,DEBIT,cash,1200.00,511145.67,"取款 \\ ""急""",
6217000010000000100,T2,2026-01-16,CREDIT,transfer,5.00,,,ICBC
6217000010000000101,T1,2026-01-15,DEBIT,card,7,,,
''',
    "loans": """number,customer_number,institution_code,currency,granted_on,principal,term_months,as_of,outstanding,classification,overdue
KL1,K00001,KM,CNY,2024-03-01,1500000.00,120,2026-01-31,1200000.00,NORMAL,0.00
KL1,K00001,KM,CNY,2024-03-01,1500000.00,120,2026-02-28,1190000.00,NORMAL,0.00
""",
    "spends": """account_number,month,kind,amount
6217000010000000100,2026-01,card,8800.00
6217000010000000100,2026-01,cash,-5.00
""",
    "indicator_figures": """indicator_code,customer_number,as_of,currency,amount
SC-PAYROLL,C000001,2026-01-31,CNY,38000.00
SC-PAYROLL,C000001,2026-02-28,CNY,38500.00
SC-PAYROLL,C000002,2026-01-31,CNY,-1.50
""",
    "exchange_rates": """published_on,currency,unit,quote_currency,rate
2026-01-30,EUR,1,CNY,8.2134
2026-01-30,JPY,100,CNY,4.5
""",
    "holidays": """day,kind,name
2026-10-01,HOLIDAY,国庆节
""",
}
ROWS = {name: len(text.strip().splitlines()) - 1 for name, text in TOWN.items()}
assert list(TOWN) == [kind.name for kind in FILES]


def build(folder: Path, **changes: str) -> Path:
    """The town's files in a folder, with the text of some replaced."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in (TOWN | changes).items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


def only(folder: Path, name: str, text: str) -> Path:
    """One file."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.csv"
    path.write_text(text, encoding="utf-8")
    return path
