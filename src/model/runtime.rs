//! ONNX Runtime: loaded once per process, one session a thread. The only file that names `ort`; it
//! knows neither words nor themes.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use ort::environment::Environment;
use ort::logging::LogLevel;
use ort::session::builder::{GraphOptimizationLevel, SessionBuilder};
use ort::session::{Session as OrtSession, SessionInputValue, SessionOutputs};
use ort::value::TensorRef;

use super::locate::{Libraries, Surroundings, libraries, list};
use crate::error::{Error, Result};

const REMEDY: &str =
    "Run `make setup`, or `pip install onnxruntime`, or name the library's file with --onnxruntime.";

/// The loaded library.
#[derive(Clone)]
pub struct Runtime {
    environment: Environment,
    library: PathBuf,
    version: String,
}

/// What this process has loaded; there can be only one.
static LOADED: Mutex<Option<Runtime>> = Mutex::new(None);

impl Runtime {
    /// The runtime of this process. The first call loads it from `flag` (`--onnxruntime`) or the
    /// other places of [`libraries`]; later calls give the same one, whatever they name.
    ///
    /// # Errors
    /// `Environment` if no library is found or none of those found can be used, with every place.
    pub fn load(flag: Option<&Path>) -> Result<Runtime> {
        let mut loaded = LOADED.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(runtime) = &*loaded {
            return Ok(runtime.clone());
        }
        let runtime = first_usable(libraries(flag, &Surroundings::of_process()))?;
        *loaded = Some(runtime.clone());
        Ok(runtime)
    }

    /// The library's version, such as `1.31.1`.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The library's file.
    pub fn library(&self) -> &Path {
        &self.library
    }

    /// A session on a model's bytes; for one thread.
    ///
    /// # Errors
    /// The runtime's own words, where it does not take the model.
    pub fn session(&self, onnx: &[u8]) -> std::result::Result<Session, String> {
        let exactly = |exact| guarded(|| Ok(builder(&self.environment, exact)?.commit_from_memory(onnx)?));
        let inner = if saturates() { exactly(true).or_else(|_| exactly(false)) } else { exactly(false) };
        inner.map(|inner| {
            let types = inner.inputs().iter().any(|i| i.name() == TYPES);
            Session { inner, types: types.then(Vec::new) }
        })
    }
}

fn first_usable(libraries: Libraries) -> Result<Runtime> {
    let mut tried = libraries.tried;
    for library in libraries.found {
        match guarded(|| start(&library)) {
            Ok(runtime) => return Ok(runtime),
            Err(why) => tried.push(format!("{}: {why}", library.display())),
        }
    }
    let what = if libraries.named {
        "the ONNX Runtime library that was named cannot be used"
    } else {
        "ONNX Runtime was not found"
    };
    Err(Error::environment(what, "", format!("{REMEDY} Places tried:{}", list(&tried))))
}

type AnyError = Box<dyn std::error::Error + Send + Sync>;

fn start(library: &Path) -> std::result::Result<Runtime, AnyError> {
    let environment =
        ort::init_from(library)?.with_telemetry(false).with_logger(Arc::new(|_, _, _, _, _| {})).build()?;
    environment.set_log_level(LogLevel::Fatal);
    Ok(Runtime { environment, version: version(library), library: library.to_path_buf() })
}

/// From the file's name, which carries it, or else what the library says of its build.
fn version(library: &Path) -> String {
    let real = library.canonicalize().unwrap_or_else(|_| library.to_path_buf());
    let name = real.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let number = |text: &str| {
        let start = text.find("1.")?;
        let digits = text.get(start..)?;
        let end = digits.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(digits.len());
        digits.get(..end).map(|v| v.trim_end_matches('.').to_string())
    };
    number(&name).or_else(|| number(ort::info())).unwrap_or_else(|| "unknown".to_string())
}

/// Errors in words, and panics of a library that is not what it should be.
fn guarded<T>(work: impl FnOnce() -> std::result::Result<T, AnyError>) -> std::result::Result<T, String> {
    match catch_unwind(AssertUnwindSafe(work)) {
        Ok(result) => result.map_err(|e| one_line(&e.to_string())),
        Err(_) => Err("the library does not work with this program".to_string()),
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// One thread, no spinning, all optimisations but the fusion of skip connection and layer
/// normalisation, whose kernel is slower than its parts.
///
/// Subnormal numbers stay: the runtime would switch them off in the one thread that makes the first
/// session, and what that thread computes afterwards would differ from other threads. `exact` asks
/// for 8-bit products that never saturate; they are slower by almost a half.
fn builder(environment: &Environment, exact: bool) -> std::result::Result<SessionBuilder, AnyError> {
    let words = |e: ort::Error<SessionBuilder>| e.message().to_string();
    let builder = OrtSession::builder(environment)?
        .with_optimization_level(GraphOptimizationLevel::All)
        .map_err(words)?
        .with_intra_threads(1)
        .map_err(words)?
        .with_inter_threads(1)
        .map_err(words)?
        .with_intra_op_spinning(false)
        .map_err(words)?
        .with_disabled_optimizers("SkipLayerNormFusion")
        .map_err(words)?;
    Ok(if exact { builder.with_precise_qmm().map_err(words)? } else { builder })
}

/// Whether this processor adds pairs of 8-bit products in 16 bits, which can overflow: x86 without
/// the VNNI instructions.
fn saturates() -> bool {
    #[cfg(target_arch = "x86_64")]
    return !std::is_x86_feature_detected!("avx512vnni") && !std::is_x86_feature_detected!("avxvnni");
    #[cfg(not(target_arch = "x86_64"))]
    false
}

const IDS: &str = "input_ids";
const MASK: &str = "attention_mask";
const TYPES: &str = "token_type_ids";

/// A model that is ready to run, for one thread.
pub struct Session {
    inner: OrtSession,
    /// Zeros, where the model wants token types.
    types: Option<Vec<i64>>,
}

/// A batch: `rows` x `columns` token ids and which of them count (1) or are padding (0).
pub struct Batch<'a> {
    /// Row-major.
    pub ids: &'a [i64],
    /// Row-major.
    pub mask: &'a [i64],
    /// Texts.
    pub rows: usize,
    /// Tokens of the longest.
    pub columns: usize,
}

impl Session {
    /// Whether the model has an output of this name.
    pub fn has_output(&self, name: &str) -> bool {
        self.inner.outputs().iter().any(|o| o.name() == name)
    }

    /// Runs one batch.
    ///
    /// # Errors
    /// The runtime's own words; they hold no text.
    pub fn run(&mut self, batch: &Batch<'_>) -> std::result::Result<Outputs<'_>, String> {
        let Session { inner, types } = self;
        let shape = [batch.rows, batch.columns];
        let outputs = guarded(|| {
            let mut inputs: Vec<(&str, SessionInputValue<'_>)> = vec![
                (IDS, TensorRef::from_array_view((shape, batch.ids))?.into()),
                (MASK, TensorRef::from_array_view((shape, batch.mask))?.into()),
            ];
            if let Some(zeros) = types {
                zeros.resize(batch.ids.len(), 0);
                inputs.push((TYPES, TensorRef::from_array_view((shape, zeros.as_slice()))?.into()));
            }
            Ok(inner.run(inputs)?)
        })?;
        Ok(Outputs { values: outputs, rows: batch.rows })
    }
}

/// What a model put out for a batch.
pub struct Outputs<'s> {
    values: SessionOutputs<'s>,
    rows: usize,
}

impl Outputs<'_> {
    /// An output as rows: its width and its values, row-major.
    ///
    /// # Errors
    /// If it is not there, or is not one row of finite numbers for each row of the batch.
    pub fn rows(&self, name: &str) -> std::result::Result<(usize, &[f32]), String> {
        let value = self.values.get(name).ok_or_else(|| format!("it has no output {name}"))?;
        let (shape, data) = value.try_extract_tensor::<f32>().map_err(|e| one_line(e.message()))?;
        match shape.as_ref() {
            [rows, width]
                if usize::try_from(*rows) == Ok(self.rows) && data.iter().all(|v| v.is_finite()) =>
            {
                Ok((usize::try_from(*width).unwrap_or(0), data))
            }
            [_, _] => Err(format!("its output {name} holds what is not a number")),
            _ => Err(format!("its output {name} has {} dimensions, not 2", shape.len())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::hint::black_box;

    fn only(library: PathBuf) -> Error {
        first_usable(Libraries { found: vec![library], tried: Vec::new(), named: true }).err().unwrap()
    }

    #[test]
    fn a_file_that_is_no_library_is_an_error_that_names_it() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("libonnxruntime.so");
        std::fs::write(&path, "not a library").unwrap();
        let error = only(path.clone());
        assert_eq!(error.exit_code(), 4);
        let text = error.to_string();
        assert!(text.contains(&path.display().to_string()) && text.contains("make setup"), "{text}");
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn another_library_is_an_error() {
        assert_eq!(only(PathBuf::from("libm.so.6")).exit_code(), 4);
    }

    #[test]
    fn nothing_found_lists_the_places() {
        let tried = vec!["/somewhere: not there".to_string()];
        let error = first_usable(Libraries { tried, ..Libraries::default() }).err().unwrap();
        assert!(
            error.to_string().contains("/somewhere") && error.to_string().contains("pip install"),
            "{error}"
        );
    }

    #[test]
    fn the_runtime_loads_once_and_leaves_subnormal_numbers_alone() {
        let runtime = Runtime::load(None).unwrap();
        assert!(runtime.version().starts_with("1."), "{}", runtime.version());
        assert_eq!(Runtime::load(Some(Path::new("/nowhere"))).unwrap().library(), runtime.library());
        assert!(runtime.session(b"not a model").is_err());
        let tiny = std::fs::read("tests/data/tiny_model/model.onnx").unwrap();
        for exact in [false, true] {
            assert!(guarded(|| Ok(builder(&runtime.environment, exact)?.commit_from_memory(&tiny)?)).is_ok());
        }
        assert!(black_box(f32::MIN_POSITIVE) / black_box(2.0) > 0.0);
    }

    #[test]
    fn versions_are_read_from_names() {
        assert_eq!(version(Path::new("/a/libonnxruntime.so.1.31.1")), "1.31.1");
        assert_eq!(version(Path::new("/a/libonnxruntime.1.20.0.dylib")), "1.20.0");
    }
}
