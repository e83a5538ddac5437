"""The headers that protect readers: the same on every answer, whoever gives it: Django, or the server itself."""

from .settings import SECURE_CROSS_ORIGIN_OPENER_POLICY, SECURE_HSTS_SECONDS, SECURE_REFERRER_POLICY, X_FRAME_OPTIONS

# No inline script or style anywhere, the admin included. A page may show an image from an https address that its
# author wrote; everything else comes from this site. https://www.w3.org/TR/CSP3/
CONTENT_SECURITY_POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' https:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ]
)

# https://www.w3.org/TR/permissions-policy/
PERMISSIONS_POLICY = (
    "camera=(), display-capture=(), geolocation=(), hid=(), microphone=(), payment=(), serial=(), usb=()"
)

HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Permissions-Policy": PERMISSIONS_POLICY,
    "Referrer-Policy": SECURE_REFERRER_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": X_FRAME_OPTIONS,
    "Cross-Origin-Opener-Policy": SECURE_CROSS_ORIGIN_OPENER_POLICY,
    "Cross-Origin-Resource-Policy": "same-origin",
}

# Of answers that are made without Django, which would say it to https alone. A browser that asked without does not
# listen (RFC 6797, section 8.1).
HEADERS_WITHOUT_DJANGO = HEADERS | (
    {"Strict-Transport-Security": f"max-age={SECURE_HSTS_SECONDS}"} if SECURE_HSTS_SECONDS else {}
)
