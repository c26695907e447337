# One image for the site, its workers and the scheduler (docs/run/install.md).
#   docker build -t mirage .                                  with the weights of the default models
#   docker build -t mirage --build-arg TENSORFLOW=yes .       models of DeepFace that exist for TensorFlow only
#   docker build -t mirage --build-arg WEIGHTS=none .         none: give it a volume for /models and run fetch_models
# An image with weights in it is for your own use: their licences are in models.toml.
ARG PYTHON=docker.io/library/python:3.11-slim-bookworm

FROM ${PYTHON} AS packages
ARG TENSORFLOW=no
RUN apt-get update && apt-get install -y --no-install-recommends g++ && rm -rf /var/lib/apt/lists/*
COPY requirements.txt requirements-tensorflow.txt /tmp/
# hnswlib is compiled for the machine that builds unless told otherwise, and would not run on an older one
ENV HNSWLIB_NO_NATIVE=1 CFLAGS="-O3 -march=x86-64-v2" CXXFLAGS="-O3 -march=x86-64-v2" PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/mirage && \
    if [ "$TENSORFLOW" = yes ]; then cat /tmp/requirements.txt /tmp/requirements-tensorflow.txt > /tmp/wanted.txt; else \
      grep -vE '^(tensorflow-cpu|keras|ml-dtypes|h5py|libclang|tensorboard|grpcio|astunparse|gast|google-pasta|opt-einsum|optree|namex|termcolor|wrapt)==' \
        /tmp/requirements.txt > /tmp/wanted.txt; fi && \
    /opt/mirage/bin/pip install --no-deps -r /tmp/wanted.txt

FROM packages AS weights
ARG WEIGHTS=default
WORKDIR /srv/mirage
COPY . .
ENV MIRAGE_DATA=/tmp/data MIRAGE_MODELS=/models
RUN mkdir -p /models && if [ "$WEIGHTS" != none ]; then /opt/mirage/bin/python manage.py fetch_models; fi

FROM ${PYTHON}
RUN useradd --uid 10001 --user-group --no-create-home --home-dir /data --shell /usr/sbin/nologin mirage && \
    mkdir /data && chown mirage:mirage /data
COPY --from=packages /opt/mirage /opt/mirage
WORKDIR /srv/mirage
COPY . .
COPY --from=weights /models /models
RUN /opt/mirage/bin/python -m compileall -q accounts albums api duplicates media mirage operations people photos search tags takeout vision && \
    MIRAGE_DATA=/tmp/data /opt/mirage/bin/python manage.py words compile && \
    MIRAGE_DATA=/tmp/data /opt/mirage/bin/python manage.py check && rm -rf /tmp/data
ENV PATH=/opt/mirage/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 MALLOC_ARENA_MAX=2 \
    MIRAGE_DATA=/data MIRAGE_MODELS=/models MIRAGE_LOG_FORMAT=json
USER mirage
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=10s --start-period=120s \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/healthz', timeout=8)"]
# all in one: the site, the workers and an embedded Redis. docker-compose.yml starts them one by one.
CMD ["python", "manage.py", "serve", "--host", "0.0.0.0"]
