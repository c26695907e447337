"""The key by which push services know this installation (VAPID, RFC 8292)."""

import base64
import hashlib
from functools import lru_cache

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings

ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # of P-256 (FIPS 186-4, D.1.2.3)


def encoded(data: bytes) -> str:
    """Base64 for addresses, without padding, as browsers and push services write it."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def decoded(text: str) -> bytes:
    """The bytes of such a text. Raises ValueError."""
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)


def private_key() -> ec.EllipticCurvePrivateKey:
    """The private key, made from the installation’s secret: every machine and every restore has the same."""
    return _private_key(settings.SECRET_KEY)


@lru_cache(maxsize=2)
def _private_key(secret: str) -> ec.EllipticCurvePrivateKey:
    # 16 bytes more than the key has, so that the remainder prefers no number (FIPS 186-4, B.4.1)
    many = HKDF(hashes.SHA256(), 48, salt=None, info=b"mirage web push").derive(secret.encode())
    return ec.derive_private_key(int.from_bytes(many, "big") % (ORDER - 1) + 1, ec.SECP256R1())


def raw_private_key() -> str:
    """The private key's number, as py-vapid reads it."""
    return encoded(private_key().private_numbers().private_value.to_bytes(32, "big"))


def public_key() -> str:
    """What browsers need to subscribe: the public point."""
    return encoded(private_key().public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))


def is_receiver(p256dh: str, auth: str) -> bool:
    """Whether these are a browser's public key and secret, which messages are encrypted with (RFC 8291)."""
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), decoded(p256dh))
        return len(decoded(auth)) == 16
    except ValueError:
        return False


def mark_of(endpoint: str) -> str:
    """A short name for a push service's address, which is a secret itself."""
    return hashlib.sha256(endpoint.encode()).hexdigest()[:16]
