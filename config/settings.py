"""Settings of the portal. Everything that differs between installations comes from the environment."""

import os
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import environ
import structlog
from django.core.exceptions import ImproperlyConfigured

from .folders import make_folders
from .logs import hide
from .secret_files import read, read_or_create

env = environ.Env()
BASE_DIR = Path(__file__).resolve().parent.parent
VAR = Path(env.str("WORKPLAN_VAR", default="") or BASE_DIR / "var")  # the only folder that is written to
make_folders(VAR)

# Counters of all processes lie here; the library reads this when it is imported.
os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", str(VAR / "metrics"))
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")  # who may read /metrics; nobody without one

# --- Mode ---------------------------------------------------------------------------------------------------
MODE = env.str("WORKPLAN_MODE", default="production")
DEMO = MODE == "demo"
DEBUG = False
# Production makes its key on purpose (`make secret`), never by accident at some start.
SECRET_KEY = env.str("SECRET_KEY", default="") or (read_or_create if DEMO else read)(VAR / "secret_key")
# Keys of encrypted fields (`id:base64,id:base64`, the first encrypts) and of the digests that find them: see accounts.crypto.
DATA_KEYS = env.str("DATA_KEYS", default="") or (read_or_create if DEMO else read)(VAR / "data_keys")
INDEX_KEY = env.str("INDEX_KEY", default="") or (read_or_create if DEMO else read)(VAR / "index_key")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"] if DEMO else [])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

_demo_date = env.str("DEMO_DATE", default="2024-10-15") if DEMO else ""
PINNED_DATE = date.fromisoformat(_demo_date) if _demo_date else None

# --- Applications -------------------------------------------------------------------------------------------
SECTION_APPS = [
    "partybuilding",
    "keyprojects",
    "reform",
    "assistance",
    "eldercare",
    "childwelfare",
    "socialorgs",
    "placenames",
    "charity",
    "rehabilitation",
    "funeral",
    "livelihood",
]
INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "rest_framework",
    "django_filters",
    "django_tables2",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "import_export",
    "django_htmx",
    "axes",
    "csp",
    "django_structlog",
    "config",
    "accounts",
    "workplan",
    "people",
    *SECTION_APPS,
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Pages shrink to a tenth; random padding and masked tokens keep their length from telling anything (BREACH).
    "django.middleware.gzip.GZipMiddleware",
    "config.logs.RequestMiddleware",
    "config.metrics.MetricsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "accounts.middleware.SessionLifetimeMiddleware",
    "accounts.middleware.PasswordChangeMiddleware",
    "accounts.middleware.AccessRefusedMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "workplan.ui.context.portal",
            ],
        },
    },
    {
        "NAME": "jinja",
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {"environment": "workplan.ui.drawing.environment"},
    },
]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Database: PostgreSQL by DATABASE_URL, else an embedded SQLite file -------------------------------------
if DATABASE_URL := env.str("DATABASE_URL", default=""):
    if not DATABASE_URL.startswith(("postgres://", "postgresql://")):
        raise ImproperlyConfigured("DATABASE_URL 须以 postgres:// 开头")
    DATABASES = {"default": env.db_url("DATABASE_URL")}
    DATABASES["default"].update(CONN_MAX_AGE=60, CONN_HEALTH_CHECKS=True)
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault("connect_timeout", 5)
else:
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": VAR / "db.sqlite3",
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA cache_size=-16000",
            },
        }
    }

# --- Jobs and cache: Redis by REDIS_URL, else folders under var/ --------------------------------------------
REDIS_URL = env.str("REDIS_URL", default="")
if REDIS_URL:
    CELERY_BROKER_URL = REDIS_URL
    # A database of its own: clearing the cache must not take the queue with it.
    CACHE_URL = env.str("CACHE_URL", default="") or urlsplit(REDIS_URL)._replace(path="/1").geturl()
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": CACHE_URL}}
else:
    BROKER_DIR = VAR / "broker"
    CELERY_BROKER_URL = "filesystem://localhost//"
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(BROKER_DIR / "queue"),
        "data_folder_out": str(BROKER_DIR / "queue"),
        "control_folder": str(BROKER_DIR / "control"),
        "polling_interval": 0.5,
    }
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
            "LOCATION": str(VAR / "cache"),
        }
    }
# A worker that has not ended a job by then counts as dead; how often the schedule is looked at and lost messages are sent again.
JOB_LEASE_SECONDS = env.int("JOB_LEASE_SECONDS", default=600)
TICK_SECONDS = env.int("TICK_SECONDS", default=30)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TIMEZONE = "Asia/Shanghai"
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR / "celerybeat-schedule")
CELERY_BEAT_SCHEDULE = {
    "heartbeat": {"task": "workplan.jobs.beat", "schedule": 15.0, "options": {"expires": 15}},
    "tick": {"task": "workplan.jobs.tick", "schedule": TICK_SECONDS, "options": {"expires": TICK_SECONDS}},
    "seal-audit-log": {"task": "workplan.jobs.seal_audit_log", "schedule": 30.0, "options": {"expires": 30}},
}

# --- Mail and webhooks --------------------------------------------------------------------------------------
# Where users reach the portal, for the addresses in messages; empty: messages carry none.
SITE_URL = env.str("SITE_URL", default=f"http://127.0.0.1:{env.int('PORT', default=8000)}" if DEMO else "").rstrip("/")
DEFAULT_FROM_EMAIL = env.str("MAIL_FROM", default="workplan@localhost")
OUTBOX_DIR = VAR / "outbox"  # of the demo: nothing leaves the machine
if DEMO:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = OUTBOX_DIR
else:
    globals().update(env.email_url("EMAIL_URL", default="smtp://localhost:25"))
EMAIL_TIMEOUT = 15  # seconds
# Hosts of the own network that webhooks may reach all the same, such as a gateway to WeCom.
WEBHOOK_INSIDE_HOSTS = frozenset(host.lower() for host in env.list("WEBHOOK_INSIDE_HOSTS", default=[]))

# --- Signing in ---------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
LOGIN_URL = "accounts:login"
LOGIN_REDIRECT_URL = "workplan:home"
LOGOUT_REDIRECT_URL = "accounts:login"
# 等保 asks for character classes, ASVS for length alone; a setting decides.
PASSWORD_POLICY = env.str("PASSWORD_POLICY", default="dengbao")
PASSWORD_MAX_AGE_DAYS = env.int("PASSWORD_MAX_AGE_DAYS", default=90)  # under dengbao
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "accounts.validators.LengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "accounts.validators.ClassesValidator"},
    {"NAME": "accounts.validators.ChineseCommonValidator"},
]
# Locked is the pair of account and address: a stranger elsewhere cannot lock a user out.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # trying on does not prolong the lock
AXES_HANDLER = "accounts.lockout.LockoutHandler"
AXES_USERNAME_CALLABLE = "accounts.lockout.disguised_name"
AXES_CLIENT_IP_CALLABLE = "accounts.lockout.client_address"
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_TEMPLATE = "accounts/locked.html"
AXES_HTTP_RESPONSE_CODE = 429
AXES_VERBOSE = False
AXES_ENABLE_ADMIN = False
AXES_SENSITIVE_PARAMETERS = ["username", "password"]

REVEALS_PER_HOUR = env.int("REVEALS_PER_HOUR", default=60)  # looks at full ID numbers and phones, per user
FULL_EXPORTS_PER_DAY = env.int("FULL_EXPORTS_PER_DAY", default=5)
SESSION_IDLE_SECONDS = env.int("SESSION_IDLE_SECONDS", default=30 * 60)
SESSION_ABSOLUTE_SECONDS = env.int("SESSION_ABSOLUTE_SECONDS", default=12 * 3600)
SESSION_COOKIE_AGE = SESSION_ABSOLUTE_SECONDS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = env.bool("SESSION_COOKIE_SECURE", default=not DEMO)
CSRF_COOKIE_SECURE = env.bool("CSRF_COOKIE_SECURE", default=not DEMO)

# --- Transport and content ----------------------------------------------------------------------------------
SECURE_SSL_REDIRECT = not DEMO
SECURE_HSTS_SECONDS = 0 if DEMO else 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = not DEMO
SECURE_HSTS_PRELOAD = not DEMO
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]  # probes come from inside, over plain HTTP
PROXY_COUNT = 0  # own proxies in front; each adds one address to X-Forwarded-For
if env.bool("BEHIND_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    PROXY_COUNT = env.int("PROXY_COUNT", default=1)
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}

# --- Files --------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = VAR / "static"
MEDIA_ROOT = VAR / "uploads"  # never under a URL: evidence is served through the scope only
MEDIA_URL = ""
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "config.storage.StaticStorage"},
}
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
UPLOAD_MAX_BYTES = 20 * 2**20
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 2**20
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
DATA_UPLOAD_MAX_NUMBER_FILES = 20

# --- Language and time --------------------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True

# --- API ----------------------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_PAGINATION_CLASS": "workplan.api.pagination.Pagination",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "workplan.api.problems.exception_handler",
    "COERCE_DECIMAL_TO_STRING": True,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "区民政局工作要点督办平台接口",
    "VERSION": "1.0.0",
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "SERVE_INCLUDE_SCHEMA": False,
    "COMPONENT_SPLIT_REQUEST": True,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "workplan.api.schema.drop_english_descriptions",
        "workplan.api.schema.declare_removal_bodies",
    ],
    "ENUM_NAME_OVERRIDES": {
        "LightEnum": "workplan.rules.kinds.Light.choices",
        "OrderLightEnum": "workplan.rules.supervision.OrderLight.choices",
        "OrderStateEnum": "workplan.enums.OrderState",
        "OrderActionEnum": "workplan.enums.OrderAction",
        "ReportActionEnum": "workplan.enums.ReportAction",
        "RollupKindEnum": "workplan.enums.RollupKind.choices",
        "RollupStateEnum": "workplan.enums.RollupState.choices",
    },
}
DJANGO_TABLES2_TEMPLATE = "components/table.html"

# --- Logs: one JSON object a line, no personal data ---------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {
            "()": structlog.stdlib.ProcessorFormatter,
            "processors": [
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                hide,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
            "foreign_pre_chain": [
                structlog.contextvars.merge_contextvars,
                structlog.stdlib.add_log_level,
                structlog.processors.TimeStamper(fmt="iso"),
            ],
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": env.str("LOG_LEVEL", default="WARNING")},
    "loggers": {
        "django_structlog": {"level": env.str("LOG_LEVEL", default="WARNING")},
        "django.request": {"level": "ERROR"},  # refusals have their line from django_structlog already
    },
}
structlog.configure(
    processors=[
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.filter_by_level,
        structlog.processors.TimeStamper(fmt="iso"),
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.format_exc_info,
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)
