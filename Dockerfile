# The image of worker, API and migrations: one image, three commands, nobody's root.

FROM python:3.13-slim-trixie AS build
COPY requirements-production.lock /
RUN python -m venv /opt/fodslag && \
    /opt/fodslag/bin/pip install --no-cache-dir --require-hashes --requirement /requirements-production.lock

FROM node:24-trixie-slim AS pages
COPY api/pages/npm /npm
RUN npm ci --prefix /npm && \
    rm -r /npm/node_modules/dkfds/src /npm/node_modules/dkfds/dist/fonts/IBMPlexSans/complete

FROM python:3.13-slim-trixie
RUN useradd --system --uid 10001 --home-dir /var/lib/fodslag --create-home fodslag
COPY --from=build /opt/fodslag /opt/fodslag
COPY . /srv/fodslag
COPY --from=pages /npm/node_modules /srv/fodslag/api/pages/npm/node_modules
ENV PATH=/opt/fodslag/bin:$PATH \
    PYTHONPATH=/srv/fodslag \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    FODSLAG_VAR=/var/lib/fodslag
USER 10001
WORKDIR /var/lib/fodslag
EXPOSE 8080 9090
ENTRYPOINT ["python", "-m", "cli"]
CMD ["--help"]
