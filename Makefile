# make demo   build, get what is missing, run the main job on the fixture, show the result
# make test   the same set-up, then all tests
# The steps both start with: make setup (ONNX Runtime into .runtime/) and make build.

ORT_VERSION := 1.31.1
ORT         := .runtime/libonnxruntime.so.$(ORT_VERSION)
BIGASK      := target/release/bigask
FIXTURE     := fixtures/big_ambition

.PHONY: setup build demo test bench models clean
.DELETE_ON_ERROR:

setup: $(ORT)

# The wheel is pinned by version and SHA-256 (requirements.txt), whatever Python is here.
$(ORT):
	@rm -rf .runtime/wheel && mkdir -p .runtime/wheel
	python3 -m pip download --quiet --disable-pip-version-check --no-deps --only-binary=:all: --require-hashes \
	    --python-version 3.11 --implementation cp --abi cp311 --platform manylinux_2_28_$$(uname -m) \
	    --dest .runtime/wheel -r requirements.txt
	@python3 -c "import glob, shutil, zipfile; \
	    z = zipfile.ZipFile(glob.glob('.runtime/wheel/*.whl')[0]); \
	    shutil.copyfileobj(z.open('onnxruntime/capi/libonnxruntime.so.$(ORT_VERSION)'), open('$@.part', 'wb'))"
	@mv $@.part $@ && rm -rf .runtime/wheel

build:
	cargo build --release --locked

demo: setup build
	$(BIGASK) run -c $(FIXTURE)/pipeline.toml $(FIXTURE)/export.csv $(FIXTURE)/easy_read.csv -o out/demo

test: setup
	cargo test --locked

bench: setup
	cargo bench --locked

# Trains the models again from models/training/data (hours; see models/training/README.md).
models:
	models/training/run.sh

clean:
	cargo clean
	rm -rf .runtime out
