"""The words of the made-up market: what its job titles, pages, industries and campaigns are called."""

from __future__ import annotations

from typing import Final

SENIORITIES: Final = ("individual", "senior", "manager", "director", "vp", "chief")
DEPARTMENTS: Final = ("Engineering", "IT", "Operations", "Sales", "Marketing", "Finance", "Human Resources", "Student")

# One row a department, one cell a seniority. Several titles are traps for a careless rule: "MVP Engineer",
# "VPN Administrator" and "Assistant to the VP of Sales" hold "vp", "Directory Services Engineer" holds "director",
# "Technical Recruiter & Headhunter" holds "head", "SVP" and "CTO" are buyers that the words "vp" and "chief" miss.
_TITLES: Final = (
    (
        ("Software Engineer", "Backend Developer", "MVP Engineer", "Directory Services Engineer"),
        ("Senior Software Engineer", "Staff Engineer", "Tech Lead"),
        ("Engineering Manager", "Development Manager"),
        ("Director of Engineering", "Head of Platform"),
        ("VP of Engineering", "VP Engineering", "SVP Product Development"),
        ("Chief Technology Officer", "CTO", "Co-Founder & CTO"),
    ),
    (
        ("IT Support Specialist", "VPN Administrator", "Systems Administrator"),
        ("Senior Systems Administrator", "IT Architect"),
        ("IT Manager", "Service Desk Manager"),
        ("IT Director", "Director of Information Systems", "Head of IT"),
        ("VP of IT", "VP, Information Technology"),
        ("Chief Information Officer", "CIO", "Chief Information Security Officer"),
    ),
    (
        ("Operations Analyst", "Business Analyst"),
        ("Senior Operations Analyst", "Process Lead"),
        ("Operations Manager", "Program Manager", "Chief of Staff"),
        ("Director of Operations", "Director, Business Operations"),
        ("VP of Operations", "SVP Operations"),
        ("Chief Operating Officer", "COO", "Managing Director"),
    ),
    (
        ("Sales Development Representative", "Account Executive", "Assistant to the VP of Sales"),
        ("Senior Account Executive", "Sales Operations Lead"),
        ("Sales Manager", "Regional Sales Manager"),
        ("Sales Director", "Director of Revenue Operations", "Head of Sales"),
        ("VP of Sales", "VP Sales", "Vice President, Revenue"),
        ("Chief Revenue Officer", "CRO"),
    ),
    (
        ("Marketing Coordinator", "Content Writer", "Lead Generation Specialist"),
        ("Senior Growth Marketer", "Marketing Operations Specialist"),
        ("Marketing Manager", "Demand Generation Manager"),
        ("Director of Marketing", "Head of Growth"),
        ("VP of Marketing", "VP Marketing"),
        ("Chief Marketing Officer", "CMO"),
    ),
    (
        ("Accountant", "Financial Analyst", "Purchasing Clerk"),
        ("Senior Financial Analyst", "Controller"),
        ("Finance Manager", "Procurement Manager"),
        ("Finance Director", "Director of Procurement"),
        ("VP of Finance", "V.P. Finance"),
        ("Chief Financial Officer", "CFO", "Founder & CEO"),
    ),
    (
        ("HR Generalist", "Technical Recruiter & Headhunter"),
        ("Senior HR Business Partner", "Senior Recruiter"),
        ("HR Manager", "Talent Manager"),
        ("HR Director", "Head of People"),
        ("VP of People", "VP Human Resources"),
        ("Chief People Officer", "Chief Human Resources Officer"),
    ),
    tuple(("Student", "PhD Candidate", "Research Assistant", "Intern") for _ in SENIORITIES),
)

TITLES: Final = tuple(dict.fromkeys(title for row in _TITLES for cell in row for title in cell))
TITLE_CHOICES: Final = tuple(tuple(tuple(TITLES.index(title) for title in cell) for cell in row) for row in _TITLES)

INDUSTRIES: Final = (
    "Software",
    "Financial Services",
    "Manufacturing",
    "Healthcare",
    "Retail",
    "Logistics",
    "Media",
    "Agencies",
    "Education",
    "Public Sector",
)
REGIONS: Final = ("North America", "EMEA", "APAC", "LATAM")
COUNTRIES: Final = (
    ("United States", "United States", "United States", "Canada"),
    ("United Kingdom", "Germany", "France", "Netherlands"),
    ("Australia", "India", "Japan", "Singapore"),
    ("Brazil", "Mexico", "Chile", "Colombia"),
)
COUNTRY_NAMES: Final = tuple(dict.fromkeys(name for row in COUNTRIES for name in row))
COUNTRY_CHOICES: Final = tuple(tuple(COUNTRY_NAMES.index(name) for name in row) for row in COUNTRIES)

SOURCES: Final = ("organic", "paid_search", "content", "webinar", "event", "partner", "referral", "outbound_list")
PLANS: Final = ("Team", "Business", "Enterprise", "Select")
BANDS: Final = ("1-10", "11-50", "51-200", "201-1000", "1001+")
BAND_STARTS: Final = (1, 11, 51, 201, 1001)

FREE_DOMAINS: Final = ("gmail.com", "outlook.com", "yahoo.com", "hotmail.com", "icloud.com", "proton.me", "gmx.net")
RIVAL_DOMAINS: Final = ("rival-crm.example", "scorefast.example", "leadmill.example")
CAMPUSES: Final = 40

EVENTS: Final = (
    "page_view",
    "form_submit",
    "email_open",
    "email_click",
    "unsubscribe",
    "signup",
    "login",
    "activation",
    "invite_sent",
    "integration_connected",
    "webinar_registered",
    "webinar_attended",
)
EVENT: Final = {name: code for code, name in enumerate(EVENTS)}
PAGES: Final = ("/", "/product", "/blog", "/docs", "/pricing", "/customers", "/compare", "/security", "/careers")
PAGE: Final = {name: code for code, name in enumerate(PAGES)}
FORMS: Final = ("ebook", "contact", "demo_request")
CAMPAIGNS: Final = ("newsletter", "nurture-a", "nurture-b", "product-news", "event-invite")

STAGES: Final = ("inquiry", "mql", "pql", "sql", "opportunity", "won", "lost")
STAGE: Final = {name: code for code, name in enumerate(STAGES)}
PLAN_TYPES: Final = ("none", "trial", "free", "paid")
NOTE_TYPES: Final = ("contract", "legal review", "pricing discussion", "check-in")
ACTIVITIES: Final = ("contract sent", "onboarding call", "call", "email", "website visit", "none")
REASONS: Final = ("good fit", "active evaluation", "no reply", "no budget", "wrong person", "student or job seeker")
VERDICTS: Final = ("accepted", "rejected")
