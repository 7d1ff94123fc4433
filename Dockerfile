# One image for web, worker and beat. Build: docker compose build
FROM python:3.13-slim-bookworm AS packages
WORKDIR /build
COPY requirements.txt .
RUN python -m venv /venv \
 && /venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements.txt

FROM python:3.13-slim-bookworm
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=veterans_portal.settings.production \
    PORTAL_VAR_DIR=/var/lib/portal \
    STATIC_ROOT=/srv/static
RUN useradd --system --uid 10001 --home-dir /nonexistent --shell /usr/sbin/nologin portal \
 && mkdir -p /var/lib/portal/files /srv/static \
 && chown -R portal /var/lib/portal /srv/static
COPY --from=packages /venv /venv
WORKDIR /srv/portal
COPY manage.py ./
COPY veterans_portal veterans_portal
COPY accounts accounts
COPY services services
COPY placement placement
COPY preferential preferential
COPY memorials memorials
COPY reports reports
COPY templates templates
COPY static static
USER portal
# The files of the pages need no secret; each start copies them into the volume nginx reads.
EXPOSE 8000
CMD ["gunicorn", "--config", "/srv/portal/veterans_portal/gunicorn.py", "veterans_portal.wsgi"]
