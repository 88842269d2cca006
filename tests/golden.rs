//! Golden files of `tests/oracles/golden`, and their values.

use serde_json::Value;

/// A golden file, by its name without the ending.
pub(crate) fn golden(name: &str) -> Value {
    let path = crate::root().join(format!("tests/oracles/golden/{name}.json"));
    let text = std::fs::read_to_string(path).expect("the golden file is there");
    serde_json::from_str(&text).expect("the golden file is JSON")
}

pub(crate) fn list(value: &Value) -> &[Value] {
    value.as_array().expect("a list")
}

pub(crate) fn number(value: &Value) -> f64 {
    value.as_f64().expect("a number")
}

pub(crate) fn whole(value: &Value) -> usize {
    usize::try_from(value.as_u64().expect("a whole number")).expect("a small number")
}

pub(crate) fn wholes(value: &Value) -> Vec<usize> {
    list(value).iter().map(whole).collect()
}
