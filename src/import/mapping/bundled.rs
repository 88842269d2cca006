//! Mappings that ship with the program.

macro_rules! mappings {
    ($($name:literal),* $(,)?) => {
        /// Name and text of each mapping of `data/mappings`.
        pub const MAPPINGS: &[(&str, &str)] = &[$((
            $name,
            include_str!(concat!("../../../data/mappings/", $name, ".toml")),
        )),*];
    };
}
mappings![
    "bay-navigator",
    "findtreatment",
    "hsds",
    "metapsy",
    "na-meetings",
    "ohana",
];

/// Tables of terms that mappings share, by name.
pub(super) const TERMS: &[(&str, &str)] = &[(
    "open-eligibility",
    include_str!("../../../data/mappings/terms/open-eligibility.toml"),
)];
