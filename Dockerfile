# Builds the environment in one stage and serves from a second one without build leftovers, as a user without rights.
# BASE is any Debian image with Python 3.11 or later as python3.
ARG BASE=python:3.11-slim-bookworm

FROM ${BASE} AS build
WORKDIR /site
COPY requirements.txt .
RUN python3 -m venv /environment \
    && /environment/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements.txt
COPY . .
RUN SECRET_KEY=build /environment/bin/python manage.py compilemessages

FROM ${BASE}
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin site \
    && install --directory --owner=site --group=site --mode=0700 /site/var /backups \
    && install --directory --owner=site --group=site --mode=0750 /run/secrets
COPY --from=build /environment /environment
COPY --from=build /site /site
WORKDIR /site
# A password must not reach the container's log: the first account is made from this secret, or by hand.
# hadolint ignore=DL3064
ENV PATH=/environment/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    MALLOC_ARENA_MAX=2 \
    HOST=0.0.0.0 \
    AUTHOR_PASSWORD_FILE=/run/secrets/author_password
USER 10001
VOLUME /site/var
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
    CMD ["python3", "-c", "import os, urllib.request as r; r.urlopen('http://127.0.0.1:' + os.environ.get('PORT', '8000') + '/healthz', timeout=4)"]
CMD ["sh", "-c", "python3 manage.py set_up && exec gunicorn --config config/gunicorn.py"]
