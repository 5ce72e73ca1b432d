//! Where ONNX Runtime and the model's folder are looked for, in which order. Owns the lists of
//! places; it opens and loads nothing.

use std::cmp::Reverse;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};

/// What of the machine the search depends on.
pub struct Surroundings {
    variable: fn(&str) -> Option<OsString>,
    executable: Option<PathBuf>,
    current: Option<PathBuf>,
}

impl Surroundings {
    /// Those of this process.
    pub fn of_process() -> Self {
        Surroundings {
            variable: |name| std::env::var_os(name),
            executable: std::env::current_exe().ok().map(|e| e.canonicalize().unwrap_or(e)),
            current: std::env::current_dir().ok(),
        }
    }

    /// An environment variable that is set to something.
    fn path(&self, name: &str) -> Option<PathBuf> {
        (self.variable)(name).filter(|v| !v.is_empty()).map(PathBuf::from)
    }

    /// The executable's folder and all above it, then the current folder and all above it.
    fn ancestors(&self) -> impl Iterator<Item = &Path> {
        let folder = self.executable.as_deref().and_then(Path::parent);
        folder.into_iter().chain(self.current.as_deref()).flat_map(Path::ancestors)
    }
}

/// The runtime libraries found, and what to say if none of them can be loaded.
#[derive(Debug, Default)]
pub struct Libraries {
    /// In the order in which they are tried. A bare file name is left to the system's loader.
    pub found: Vec<PathBuf>,
    /// Every place looked at, and what came of it.
    pub tried: Vec<String>,
    /// Whether the user named the library, so that nothing else may be taken instead.
    pub named: bool,
}

/// The ONNX Runtime libraries, by `--onnxruntime` (`flag`), by `ORT_DYLIB_PATH`, or else beside the
/// executable and in `../lib`, in the project's `.runtime`, in the active virtual environment's and
/// the user's site-packages. Either of the first two may be a file or a folder.
pub fn libraries(flag: Option<&Path>, around: &Surroundings) -> Libraries {
    let variable = around.path("ORT_DYLIB_PATH");
    let named = flag.map(|p| ("--onnxruntime", p));
    if let Some((by, path)) = named.or(variable.as_deref().map(|p| ("ORT_DYLIB_PATH", p))) {
        return named_library(by, path);
    }
    let mut out = Libraries::default();
    out.tried.push("--onnxruntime: not given".to_string());
    out.tried.push("ORT_DYLIB_PATH: not set".to_string());
    let mut folders: Vec<PathBuf> = Vec::new();
    for folder in beside(around).chain(project(around)).chain(site_packages(around)) {
        if !folders.contains(&folder) {
            out.look_in(&folder);
            folders.push(folder);
        }
    }
    if around.path("VIRTUAL_ENV").is_none() {
        out.tried.push("a virtual environment: none is active".to_string());
    }
    out
}

impl Libraries {
    fn look_in(&mut self, folder: &Path) {
        let found = libraries_in(folder);
        if found.is_empty() {
            self.tried.push(format!("{}: not there", folder.display()));
        }
        self.found.extend(found);
    }
}

fn named_library(by: &str, path: &Path) -> Libraries {
    let mut out = Libraries { named: true, ..Libraries::default() };
    let bare = path.components().count() == 1 && !path.exists();
    if path.is_dir() {
        out.found = libraries_in(path);
    } else if path.is_file() || bare {
        out.found.push(if bare { path.to_path_buf() } else { absolute(path) });
    }
    if out.found.is_empty() {
        out.tried.push(format!("{by} {}: no such file, and no folder with the library", path.display()));
    }
    out
}

/// The system's loader takes a relative path for a name to search for.
fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf())
}

fn beside(around: &Surroundings) -> impl Iterator<Item = PathBuf> {
    let folder = around.executable.as_deref().and_then(Path::parent);
    folder.into_iter().flat_map(|f| [Some(f.to_path_buf()), f.parent().map(|p| p.join("lib"))]).flatten()
}

/// `.runtime` of the first folder above that is a project's, as it is and as pip fills it.
fn project(around: &Surroundings) -> impl Iterator<Item = PathBuf> {
    let is_project = |f: &&Path| f.join("Cargo.toml").is_file() || f.join("models").is_dir();
    around.ancestors().filter(is_project).flat_map(|f| {
        let folder = f.join(".runtime");
        let wheel = folder.join("onnxruntime").join("capi");
        [folder, wheel]
    })
}

fn site_packages(around: &Surroundings) -> impl Iterator<Item = PathBuf> {
    let environments = ["VIRTUAL_ENV", "CONDA_PREFIX"].into_iter().filter_map(|v| around.path(v));
    let home = around.path("HOME").map(|h| h.join(".local"));
    let roaming = around.path("APPDATA").map(|a| a.join("Python"));
    environments.chain(home).chain(roaming).flat_map(|root| {
        let mut folders = vec![root.join("Lib").join("site-packages")];
        for under in [root.join("lib"), root.join("lib64"), root.clone()] {
            folders.extend(pythons(&under).into_iter().map(|p| p.join("site-packages")));
        }
        let known = folders.into_iter().filter(|f| f.is_dir()).collect::<Vec<_>>();
        let known = if known.is_empty() { vec![root.join("lib/python3*/site-packages")] } else { known };
        known.into_iter().map(|f| f.join("onnxruntime").join("capi"))
    })
}

/// `python3.12`, `Python312` and the like, newest first.
fn pythons(folder: &Path) -> Vec<PathBuf> {
    newest_first(folder, |name| name.to_ascii_lowercase().starts_with("python3"))
}

/// The library's files in a folder: the plain name first, then the newest version.
fn libraries_in(folder: &Path) -> Vec<PathBuf> {
    newest_first(folder, |name| {
        let versioned = name.starts_with("libonnxruntime.so.1.");
        let apple = name.starts_with("libonnxruntime.") && name.ends_with(".dylib");
        versioned || apple || ["libonnxruntime.so", "onnxruntime.dll"].contains(&name)
    })
}

/// The entries of a folder whose name is wanted: those without a number first, then by falling
/// version number. Empty where the folder cannot be read.
fn newest_first(folder: &Path, wanted: impl Fn(&str) -> bool) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut out: Vec<(Vec<u64>, String)> = entries
        .filter_map(|e| e.file_name().into_string().ok())
        .filter(|name| wanted(name))
        .map(|name| (numbers(&name), name))
        .collect();
    out.sort_by_cached_key(|(version, name)| (!version.is_empty(), Reverse(version.clone()), name.clone()));
    out.into_iter().map(|(_, name)| folder.join(name)).collect()
}

/// `libonnxruntime.so.1.31.1` -> 1, 31, 1.
fn numbers(name: &str) -> Vec<u64> {
    name.split(|c: char| !c.is_ascii_digit()).filter_map(|n| n.parse().ok()).collect()
}

/// The model's folder: `--model` (`flag`), `BIGASK_MODEL`, the configuration's, or `models/themes`
/// in a folder above the executable or the current one.
///
/// # Errors
/// `Environment`, with every place tried.
pub fn model(flag: Option<&Path>, configured: Option<&Path>, around: &Surroundings) -> Result<PathBuf> {
    let variable = around.path("BIGASK_MODEL");
    let named = [
        ("--model", flag),
        ("BIGASK_MODEL", variable.as_deref()),
        ("model in the [classify] section", configured),
    ];
    if let Some((by, path)) = named.into_iter().find_map(|(by, p)| Some((by, p?))) {
        return if path.is_dir() { Ok(path.to_path_buf()) } else { Err(no_folder(by, path)) };
    }
    let mut tried: Vec<PathBuf> = Vec::new();
    for folder in around.ancestors().map(|a| a.join("models").join("themes")) {
        if folder.join("model.onnx").is_file() || folder.join("SHA256SUMS").is_file() {
            return Ok(folder);
        }
        if !tried.contains(&folder) {
            tried.push(folder);
        }
    }
    let lines: Vec<String> = tried.iter().map(|f| f.display().to_string()).collect();
    Err(Error::environment(
        "no model was found",
        "",
        format!(
            "Run bigask inside its folder, or name the model's folder with --model, BIGASK_MODEL or model in \
             [classify]. Places tried:{}",
            list(&lines)
        ),
    ))
}

fn no_folder(by: &str, path: &Path) -> Error {
    Error::environment(
        format!("the model that {by} names is not a folder that can be read"),
        path.display().to_string(),
        "Name the folder that holds model.onnx, tokenizer.json, labels.json and SHA256SUMS.",
    )
}

/// One line for each place.
pub fn list(places: &[String]) -> String {
    places.iter().map(|p| format!("\n      {p}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn touch(path: &Path) -> PathBuf {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, "x").unwrap();
        path.to_path_buf()
    }

    fn around(root: &Path) -> Surroundings {
        Surroundings {
            variable: |_| None,
            executable: Some(root.join("app/bin/bigask")),
            current: Some(root.join("project/sub")),
        }
    }

    #[test]
    fn the_places_are_tried_in_order_and_all_named() {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path();
        let none = libraries(None, &around(root));
        assert!(none.found.is_empty() && !none.named);
        let text = list(&none.tried);
        for place in ["--onnxruntime", "ORT_DYLIB_PATH", "app/bin", "app/lib"] {
            assert!(text.contains(place), "{text}");
        }
        let runtime = touch(&root.join("project/.runtime/libonnxruntime.so.1.31.1"));
        assert!(libraries(None, &around(root)).found.is_empty(), "not a project yet");
        touch(&root.join("project/Cargo.toml"));
        let lib = touch(&root.join("app/lib/libonnxruntime.so.1.9.0"));
        let newer = touch(&root.join("app/lib/libonnxruntime.so.1.10.0"));
        touch(&root.join("app/lib/libonnxruntime_providers_shared.so"));
        assert_eq!(libraries(None, &around(root)).found, [newer, lib, runtime]);
    }

    #[test]
    fn what_the_user_names_is_taken_alone() {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path();
        touch(&root.join("app/bin/libonnxruntime.so"));
        let own = touch(&root.join("own/libonnxruntime.1.31.1.dylib"));
        let by_folder = libraries(Some(&root.join("own")), &around(root));
        assert_eq!((by_folder.found, by_folder.named), (vec![own.clone()], true));
        assert_eq!(libraries(Some(&own), &around(root)).found, [own]);
        let missing = libraries(Some(&root.join("nowhere/lib.so")), &around(root));
        assert!(missing.found.is_empty() && missing.named && missing.tried.len() == 1);
    }

    #[test]
    fn site_packages_of_the_newest_python_first() {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path();
        let old = root.join("lib/python3.9/site-packages/onnxruntime/capi");
        let new = root.join("lib/python3.12/site-packages/onnxruntime/capi");
        for folder in [&old, &new] {
            touch(&folder.join("libonnxruntime.so.1.31.1"));
        }
        assert_eq!(pythons(&root.join("lib")), [root.join("lib/python3.12"), root.join("lib/python3.9")]);
        assert_eq!(libraries_in(&new), [new.join("libonnxruntime.so.1.31.1")]);
    }

    #[test]
    fn the_model_is_looked_for_above() {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path();
        let error = model(None, None, &around(root)).unwrap_err();
        assert_eq!(error.exit_code(), 4);
        assert!(error.to_string().contains("app/bin/models/themes"), "{error}");
        assert!(error.to_string().contains("project/models/themes"), "{error}");
        let themes = root.join("project/models/themes");
        touch(&themes.join("model.onnx"));
        assert_eq!(model(None, None, &around(root)).unwrap(), themes);
        assert_eq!(model(Some(root), Some(&themes), &around(root)).unwrap(), root, "the flag comes first");
        let gone = model(None, Some(&root.join("gone")), &around(root)).unwrap_err();
        assert!(gone.to_string().contains("[classify]") && gone.to_string().contains("gone"), "{gone}");
    }
}
