# One recipe for every image: docker build --build-arg SERVICE=intake -t heed-intake .
# SERVICE=all holds all five, for the jobs that need them together: migrate, doctor, rebuild, demo-data.

FROM python:3.13-slim AS packages
WORKDIR /build
COPY pyproject.toml constraints.txt ./
# Without pip in it: what runs cannot install anything.
RUN python -m venv --without-pip /opt/heed \
 && python -c "import tomllib; print(*tomllib.load(open('pyproject.toml', 'rb'))['project']['dependencies'], sep='\n')" > needed.txt \
 && pip --python /opt/heed/bin/python install --no-cache-dir --disable-pip-version-check --only-binary :all: -c constraints.txt -r needed.txt \
 && printf '#!/opt/heed/bin/python\nfrom shared.cli import main\n\nmain()\n' > /opt/heed/bin/heed \
 && chmod 755 /opt/heed/bin/heed

FROM python:3.13-slim AS source
WORKDIR /app
COPY shared shared
COPY services services
ARG SERVICE
# An unknown name fails here, not in a container that starts without its service.
RUN if [ "$SERVICE" != all ]; then \
      test -f "services/$SERVICE/service.py" && find services -mindepth 1 -maxdepth 1 -type d ! -name "$SERVICE" -exec rm -r {} +; \
    fi \
 && python -m compileall -q shared services

FROM python:3.13-slim
# The data folder is memory: a container keeps nothing, and its root may be read-only.
ENV PATH=/opt/heed/bin:$PATH PYTHONPATH=/app PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 HEED_DATA=/tmp
COPY --from=packages /opt/heed /opt/heed
# A volume where letters are kept in a folder; a new volume takes over the owner.
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin heed \
 && mkdir -m 0700 /mail && chown heed:heed /mail
WORKDIR /app
USER 10001:10001
EXPOSE 8000
HEALTHCHECK --interval=20s --timeout=5s --start-period=60s --retries=3 \
  CMD python -c "import os, urllib.request as web; web.urlopen('http://127.0.0.1:8000/' + os.environ['SERVICE'] + '/health', timeout=4)"
ENTRYPOINT ["heed"]
CMD ["--help"]
# Last, so that all images share what is above.
ARG SERVICE
ENV SERVICE=$SERVICE
COPY --from=source /app /app
