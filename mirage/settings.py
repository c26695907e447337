"""The settings. Only this module reads the environment; example.env lists all variables."""

import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from mirage import env
from mirage.runtime import embedded_redis, logging

BASE_DIR = Path(__file__).resolve().parent.parent
VERSION = "0.1.0"

# --- folders, database and storage ------------------------------------------------------------------------------------
MIRAGE_DATA = env.folder("MIRAGE_DATA", BASE_DIR / "data")
MIRAGE_MODELS = env.folder("MIRAGE_MODELS", MIRAGE_DATA / "models")


def database(url: str) -> dict[str, Any]:
    """Django's database settings from `postgres://user:password@host:port/name?option=…` or "" for SQLite."""
    if not url or url.startswith("sqlite:///"):
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": url.removeprefix("sqlite:///") if url else MIRAGE_DATA / "mirage.sqlite3",
            "CONN_MAX_AGE": None,
            "OPTIONS": {
                "timeout": 20,
                "transaction_mode": "IMMEDIATE",
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-32000;",
            },
        }
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"} or not parts.path.strip("/"):
        raise env.BadEnvironment("DATABASE_URL", url, "postgres://user:password@host:port/name or sqlite:///path")
    options = dict(pair.split("=", 1) for pair in parts.query.split("&") if "=" in pair)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.strip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(options.pop("host", "") or parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        # On a solid state disk and in memory, random pages cost little more than sequential ones. With the default,
        # PostgreSQL reads the whole table of words instead of using an index.
        "OPTIONS": {"options": "-c random_page_cost=1.1"} | {name: unquote(value) for name, value in options.items()},
    }


def library_storage(url: str) -> dict[str, Any]:
    """The storage of originals and derived files: "" for the disk, or an object storage.

    `s3://key:secret@host:port/bucket/folder?region=…`, or over HTTP `s3+http://…`.
    """
    if not url:
        return {"BACKEND": "photos.storage.local_disk.LocalDisk"}
    parts = urlsplit(url)
    bucket, _, folder = parts.path.strip("/").partition("/")
    if parts.scheme not in {"s3", "s3+http"} or not bucket or not parts.hostname:
        raise env.BadEnvironment("STORAGE_URL", "…", "s3://key:secret@host:port/bucket/folder?region=…")
    options = dict(parse_qsl(parts.query))
    port = f":{parts.port}" if parts.port else ""
    return {
        "BACKEND": "photos.storage.bucket.Bucket",
        "OPTIONS": {
            "endpoint_url": f"{'http' if parts.scheme == 's3+http' else 'https'}://{parts.hostname}{port}",
            "bucket_name": bucket,
            "location": folder,
            "access_key": unquote(parts.username or ""),
            "secret_key": unquote(parts.password or ""),
            "region_name": options.get("region") or "us-east-1",
        },
    }


# --- security ---------------------------------------------------------------------------------------------------------
DEBUG = env.boolean("MIRAGE_DEBUG", False)
SECRET_KEY = env.text("MIRAGE_SECRET_KEY") or env.kept_secret(MIRAGE_DATA / "secret_key")
ALLOWED_HOSTS = env.words("MIRAGE_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = env.words("MIRAGE_ORIGINS")
MIRAGE_HTTPS = env.boolean("MIRAGE_HTTPS", False)
SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = MIRAGE_HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if MIRAGE_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = MIRAGE_HTTPS
if MIRAGE_HTTPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
# The number of proxies in front whose X-Forwarded-For is trusted
MIRAGE_PROXIES = env.integer("MIRAGE_PROXIES", 1 if MIRAGE_HTTPS else 0, 0, 10)
SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz|metrics)$"]  # monitors connect directly
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_AGE = 60 * 86_400
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"

# --- the site ---------------------------------------------------------------------------------------------------------
OWN_APPS = [
    *("mirage", "accounts", "photos", "duplicates", "people", "albums"),
    *("tags", "search", "takeout", "switching", "dav", "operations", "notices", "api"),
]
INSTALLED_APPS = [
    *OWN_APPS,
    "ninja",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "operations.site.MirageAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_htmx",
    "django_rq",
]
MIDDLEWARE = [
    "operations.middleware.RequestMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "mirage.web.middleware.CompressionMiddleware",
    "api.refusals.ApiRefusalMiddleware",  # within compression: it reads and replaces what was answered
    "mirage.web.middleware.ContentSecurityPolicyMiddleware",
    "dav.views.root.RootMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "mirage.web.languages.LanguageMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "mirage.changeable.ChangeableMiddleware",
    "accounts.security.sessions.SessionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "mirage.web.middleware.RefusalMiddleware",
]
ROOT_URLCONF = "mirage.urls"
WSGI_APPLICATION = "mirage.wsgi.application"
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
            ],
            "builtins": ["django.templatetags.static", "django.templatetags.i18n", "mirage.templatetags.languages"],
        },
    }
]
AUTH_USER_MODEL = "accounts.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",  # passkeys and OpenID Connect
]
PASSWORD_RESET_TIMEOUT = 86_400
ACCOUNT_ADAPTER = "accounts.adapters.AccountAdapter"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Mirage"
MFA_TOTP_TOLERANCE = 1
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not MIRAGE_HTTPS  # browsers themselves allow passkeys on localhost and HTTPS only
MFA_RECOVERY_CODE_COUNT, MFA_RECOVERY_CODE_DIGITS = 10, 10
# Signing in with an OpenID Connect provider, such as Keycloak or Authentik
MIRAGE_OIDC_URL = env.text("MIRAGE_OIDC_URL")
MIRAGE_OIDC_NAME = env.text("MIRAGE_OIDC_NAME", "OpenID Connect") if MIRAGE_OIDC_URL else ""
MIRAGE_OIDC_CREATE = env.boolean("MIRAGE_OIDC_CREATE", False)
SOCIALACCOUNT_ADAPTER = "accounts.adapters.ProviderAdapter"
SOCIALACCOUNT_PROVIDERS: dict[str, dict[str, Any]] = {"openid_connect": {"OAUTH_PKCE_ENABLED": True}}
if MIRAGE_OIDC_URL:
    SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"] = [
        {
            "provider_id": "oidc",
            "name": MIRAGE_OIDC_NAME,
            "client_id": env.text("MIRAGE_OIDC_CLIENT"),
            "secret": env.text("MIRAGE_OIDC_SECRET"),
            "settings": {"server_url": MIRAGE_OIDC_URL},
        }
    ]
# Mail for password resets; none is sent without a host
EMAIL_HOST = env.text("MIRAGE_MAIL_HOST")
EMAIL_PORT = env.integer("MIRAGE_MAIL_PORT", 587, 1, 65_535)
EMAIL_HOST_USER = env.text("MIRAGE_MAIL_USER")
EMAIL_HOST_PASSWORD = env.text("MIRAGE_MAIL_PASSWORD")
EMAIL_USE_TLS = env.boolean("MIRAGE_MAIL_TLS", True)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.text("MIRAGE_MAIL_FROM", "mirage@localhost")
LOGIN_URL = "accounts:login"
LOGIN_REDIRECT_URL = "photos:timeline"
LOGOUT_REDIRECT_URL = "accounts:login"
# The languages that Mirage speaks, by their own names. Who has chosen none gets their browser's, else this one.
LANGUAGES = [
    *(("en", "English"), ("de", "Deutsch"), ("es", "Español"), ("fr", "Français"), ("it", "Italiano")),
    *(("nl", "Nederlands"), ("pl", "Polski"), ("pt-br", "Português (Brasil)"), ("uk", "Українська")),
    *(("ja", "日本語"), ("zh-hans", "简体中文"), ("ar", "العربية")),
]
LANGUAGE_CODE = env.choice("MIRAGE_LANGUAGE", "en", tuple(code for code, _ in LANGUAGES))
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

DATABASES = {"default": database(env.text("DATABASE_URL"))}

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = MIRAGE_DATA / "static"
WHITENOISE_USE_FINDERS = DEBUG
# Local copies of files in object storage are removed to keep this much of the disk free
MIRAGE_STORAGE_FREE_MB = env.integer("MIRAGE_STORAGE_FREE_MB", 2_000, 100)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": MIRAGE_DATA}},
    "staticfiles": {"BACKEND": "mirage.web.storage.StaticStorage"},
    "library": library_storage(env.text("STORAGE_URL")),
}

# --- jobs -------------------------------------------------------------------------------------------------------------
REDIS_URL = env.text("REDIS_URL")  # empty: the embedded server of `manage.py serve`
RQ_QUEUES = {
    name: {"URL": REDIS_URL or embedded_redis.url(MIRAGE_DATA), "DEFAULT_TIMEOUT": 3600}
    for name in ("io", "video", "ml", "index", "idle")
}

# --- logging ----------------------------------------------------------------------------------------------------------
LOGGING = logging.configuration(
    env.choice("MIRAGE_LOG_LEVEL", "info", logging.LEVELS),
    env.choice("MIRAGE_LOG_FORMAT", "auto", logging.FORMATS),
    (*OWN_APPS, "media", "vision"),
)
MIRAGE_LOG_MB = env.integer("MIRAGE_LOG_MB", 5, 1, 1000)
MIRAGE_LOG_FILE_DAYS = env.integer("MIRAGE_LOG_FILE_DAYS", 14, 1, 3650)

# --- operations -------------------------------------------------------------------------------------------------------
MIRAGE_BACKUP_TO = env.text("MIRAGE_BACKUP_TO")
MIRAGE_BACKUP_AT = env.schedule("MIRAGE_BACKUP_AT", "30 3 * * *")
MIRAGE_BACKUP_KEEP = env.integer("MIRAGE_BACKUP_KEEP", 14, 1, 1000)
MIRAGE_CHECK_AT = env.schedule("MIRAGE_CHECK_AT", "30 5 * * 0")
MIRAGE_PROXY_SENDS = env.boolean("MIRAGE_PROXY_SENDS", False)
MIRAGE_METRICS_TOKEN = env.text("MIRAGE_METRICS_TOKEN")

# --- the library ------------------------------------------------------------------------------------------------------
MIRAGE_ADMIN_NAME = env.text("MIRAGE_ADMIN_NAME", "admin")
MIRAGE_ADMIN_PASSWORD = env.text("MIRAGE_ADMIN_PASSWORD")
MIRAGE_HOME_ZONE = env.time_zone("MIRAGE_HOME_ZONE", "UTC")
MIRAGE_FOLDERS = env.folders("MIRAGE_FOLDERS", "~,/media,/mnt,/run/media,/srv")
MIRAGE_STORAGE_TEMPLATE = env.storage_template("MIRAGE_STORAGE_TEMPLATE", "{owner}/{yyyy}/{mm}/{name}")
MIRAGE_PAUSED = env.words("MIRAGE_PAUSED")
MIRAGE_TRASH_DAYS = env.integer("MIRAGE_TRASH_DAYS", 30, 0, 3650)
MIRAGE_LOG_DAYS = env.integer("MIRAGE_LOG_DAYS", 365, 1, 3650)
MIRAGE_IO_WORKERS = env.integer("MIRAGE_IO_WORKERS", min(os.cpu_count() or 1, 4), 1, 64)
MIRAGE_WEB_THREADS = env.integer("MIRAGE_WEB_THREADS", 8, 1, 128)
MIRAGE_DECODE_SECONDS = env.integer("MIRAGE_DECODE_SECONDS", 60, 1, 3600)
MIRAGE_DAV_LOCAL = env.boolean("MIRAGE_DAV_LOCAL", False)
MIRAGE_UPLOAD_MAX_MB = env.integer("MIRAGE_UPLOAD_MAX_MB", 51_200, 1)
MIRAGE_WRITE_SIDECARS = env.choice("MIRAGE_WRITE_SIDECARS", "no", ("no", "library", "everywhere"))
MIRAGE_EXIFTOOL = env.text("MIRAGE_EXIFTOOL")
MIRAGE_SEARCH_SECONDS = env.number("MIRAGE_SEARCH_SECONDS", 1.5, 0.1, 600)
MIRAGE_MAP_TILES = env.text("MIRAGE_MAP_TILES")
MIRAGE_MAP_CREDIT = env.text("MIRAGE_MAP_CREDIT")
MIRAGE_FACE_DETECTOR = env.text("MIRAGE_FACE_DETECTOR", "yunet")
MIRAGE_FACE_MODEL = env.text("MIRAGE_FACE_MODEL", "SFace")
MIRAGE_CLIP = env.text("MIRAGE_CLIP")
MIRAGE_MODELS_ON = env.choice("MIRAGE_MODELS_ON", "processor", ("processor", "auto", "cuda", "openvino", "coreml"))
VECTOR_BACKEND = env.choice("VECTOR_BACKEND", "hnswlib", ("hnswlib", "pgvector"))
