# The image of worker, API and migrations: one image, three commands, nobody's root.

FROM python:3.13-slim-trixie AS build
COPY requirements-production.lock /
RUN python -m venv /opt/fodslag && \
    /opt/fodslag/bin/pip install --no-cache-dir --require-hashes --requirement /requirements-production.lock

FROM python:3.13-slim-trixie
RUN useradd --system --uid 10001 --home-dir /var/lib/fodslag --create-home fodslag
COPY --from=build /opt/fodslag /opt/fodslag
COPY . /srv/fodslag
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
