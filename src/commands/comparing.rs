//! What the verbs that compare programmes have in common: flags, names, and words for a score.

use clap::Args;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::analysis::columns::Columns;
use crate::analysis::significance::SignificanceModel;
use crate::analysis::similarity::{
    Comparison, Explanation, InformationContent, Kinship, Measure, Similarity,
};
use crate::dataset::Dataset;
use crate::error::{Error, Result};
use crate::map::{ConceptualMap, Language};
use crate::nearest::near_or_all;
use crate::output::Inline;
use crate::profile::Profiles;

/// The silo axes that separate programmes when none are named.
pub fn default_axes() -> Vec<String> {
    vec!["community".to_owned(), "issue".to_owned()]
}

/// The silo axis that likeness is held against when none is named.
pub fn default_axis() -> String {
    "issue".to_owned()
}

/// The seed of random draws when none is given.
pub const fn default_seed() -> u64 {
    1
}

/// How programmes are compared.
#[derive(Args, Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub struct Comparing {
    /// Measure: gower, simui, jaccard, overlap, inclusion or cosine
    #[arg(long, default_value = "gower", value_name = "MEASURE")]
    pub measure: String,
    /// Fewest questions that both must answer for a score
    #[arg(long, default_value_t = 3, value_name = "N")]
    pub min_comparable: u32,
}

impl Default for Comparing {
    fn default() -> Self {
        Self {
            measure: "gower".to_owned(),
            min_comparable: 3,
        }
    }
}

impl Comparing {
    /// What to compare, without questions made of the same stuff as one of `axes`.
    ///
    /// # Errors
    /// An unknown measure; more questions than there are.
    pub fn comparison(&self, columns: &Columns, axes: &[usize]) -> Result<Comparison> {
        let names = Measure::ALL.map(Measure::name);
        let measure = Measure::parse(&self.measure).ok_or_else(|| Error::Unknown {
            what: "measure",
            name: self.measure.clone(),
            hint: Some(near_or_all(&self.measure, names)),
        })?;
        let schema = columns.schema();
        let base = Comparison {
            measure,
            min_comparable: self.min_comparable,
            ..Comparison::default()
        };
        let comparison = base.clean_of(schema, axes);
        let left = (0..schema.dimensions.len())
            .filter(|d| comparison.dimensions >> d & 1 == 1)
            .count();
        if self.min_comparable as usize > left {
            return Err(Error::usage(
                format!(
                    "{} questions cannot be comparable: {left} are compared",
                    self.min_comparable
                ),
                "lower --min-comparable",
            ));
        }
        Ok(comparison)
    }
}

/// Reads silo axes by notation.
///
/// # Errors
/// An axis that the map does not have.
pub fn axes(map: &ConceptualMap, texts: &[String]) -> Result<Vec<usize>> {
    let mut axes = Vec::new();
    for text in texts {
        let axis = map.axis(text).ok_or_else(|| {
            let known = map.axes.iter().map(|axis| axis.name.notation.as_str());
            Error::Unknown {
                what: "silo axis",
                name: text.clone(),
                hint: Some(near_or_all(text, known)),
            }
        })?;
        if !axes.contains(&axis) {
            axes.push(axis);
        }
    }
    Ok(axes)
}

/// The programmes of an analysis with everything needed to speak about them.
pub struct Study<'a> {
    /// The data.
    pub dataset: &'a Dataset,
    /// The programmes as columns.
    pub columns: Columns,
    /// Weights of values, frozen for these data.
    pub ic: InformationContent,
    /// Language of labels.
    pub language: Language,
    /// The same programmes with what columns do not hold, position by position.
    pub profiles: Profiles,
}

impl<'a> Study<'a> {
    /// Reads the programmes.
    ///
    /// # Errors
    /// Data that cannot be read.
    pub fn new(dataset: &'a Dataset, language: Language) -> Result<Self> {
        let (profiles, columns) = dataset.programmes()?;
        Ok(Self::of(dataset, language, profiles, columns))
    }

    /// Programmes that were read before or changed since, as profiles and as columns, position by
    /// position.
    pub fn of(
        dataset: &'a Dataset,
        language: Language,
        profiles: Profiles,
        columns: Columns,
    ) -> Self {
        let ic = InformationContent::from_columns(&columns);
        Self {
            dataset,
            columns,
            ic,
            language,
            profiles,
        }
    }

    /// The null model of these programmes.
    ///
    /// # Errors
    /// A model that cannot be fitted.
    pub fn chance(&self) -> Result<SignificanceModel> {
        SignificanceModel::fit(&self.columns).map_err(|error| Error::Limit {
            reason: error.to_string(),
            hint: None,
        })
    }

    /// The position of a programme by IRI, short name, name, or a part that fits only one.
    ///
    /// # Errors
    /// No fit, with near names; several fits.
    pub fn find(&self, text: &str) -> Result<usize> {
        self.profiles.position(text)
    }

    /// The name of a programme.
    pub fn name(&self, at: usize) -> &str {
        &self.profiles.list[at].name
    }

    /// The short name of a programme.
    pub fn id(&self, at: usize) -> &str {
        self.profiles.list[at].id()
    }

    /// A programme's name as a link.
    pub fn link(&self, at: usize) -> Inline {
        Inline {
            tone: crate::output::Tone::Strong,
            ..Inline::link(self.name(at), self.columns.name(at))
        }
    }

    /// The label of a value.
    pub fn value(&self, value: usize) -> &str {
        self.dataset.map.values[value].name.label(self.language)
    }

    /// Labels of values, with commas between.
    pub fn values(&self, values: &[usize]) -> String {
        values
            .iter()
            .map(|&value| self.value(value))
            .collect::<Vec<_>>()
            .join(", ")
    }

    /// The label of a dimension.
    pub fn dimension(&self, dimension: usize) -> &str {
        self.dataset.map.dimensions[dimension]
            .name
            .label(self.language)
    }

    /// Labels of dimensions, with commas between.
    pub fn dimensions(&self, dimensions: &[usize]) -> String {
        dimensions
            .iter()
            .map(|&d| self.dimension(d))
            .collect::<Vec<_>>()
            .join(", ")
    }

    /// The silo values of a programme on an axis, or that they are not stated.
    pub fn silos(&self, at: usize, axis: usize) -> String {
        if !self.columns.states_axis(at, axis) {
            return "not stated".to_owned();
        }
        let map = &self.dataset.map;
        let mine = map.axes[axis]
            .values
            .clone()
            .filter(|&v| crate::analysis::bits::contains(self.columns.silos(at), v));
        mine.map(|v| map.silo_values[v].name.label(self.language))
            .collect::<Vec<_>>()
            .join(", ")
    }

    /// A programme for JSON.
    pub fn json(&self, at: usize) -> Value {
        json!({ "iri": self.columns.name(at), "label": self.name(at) })
    }

    /// A value for JSON.
    pub fn value_json(&self, value: usize) -> Value {
        let map = &self.dataset.map;
        json!({
            "iri": map.values[value].name.iri.as_str(),
            "label": self.value(value),
            "dimension": map.dimensions[map.values[value].scheme].name.notation,
        })
    }

    /// What a reader needs to repeat a result.
    pub fn parameters(&self, comparison: &Comparison) -> Value {
        let dimensions = self.columns.schema().dimensions.iter().enumerate();
        json!({
            "version": env!("CARGO_PKG_VERSION"),
            "data": self.dataset.origin,
            "programmes": self.columns.programmes(),
            "measure": comparison.measure.name(),
            "min_comparable": comparison.min_comparable,
            "dimensions": dimensions.filter(|(d, _)| comparison.dimensions >> d & 1 == 1).map(|(_, d)| d.notation.clone()).collect::<Vec<_>>(),
            "information_content": self.ic.hash(),
        })
    }

    /// The same without what the hash of the data says, and with `more`: what results are kept with.
    pub fn settings(&self, comparison: &Comparison, more: Value) -> Value {
        let mut settings = self.parameters(comparison);
        if let (Some(all), Value::Object(more)) = (settings.as_object_mut(), more) {
            for known in ["version", "data", "programmes"] {
                all.shift_remove(known);
            }
            all.extend(more);
        }
        settings
    }

    /// One line that says the same.
    pub fn parameters_line(&self, comparison: &Comparison) -> String {
        let dimensions = self.columns.schema().dimensions.iter().enumerate();
        let compared: Vec<&str> = dimensions
            .filter(|(d, _)| comparison.dimensions >> d & 1 == 1)
            .map(|(_, d)| d.notation.as_str())
            .collect();
        format!(
            "{} programmes ({}) · {} on {} · at least {} comparable · weights {}",
            self.columns.programmes(),
            self.dataset.origin.join(", "),
            comparison.measure.name(),
            compared.join(", "),
            comparison.min_comparable,
            self.ic.hash()
        )
    }
}

/// A score in words: `0.62 (0.41 to 0.75 if what is open were known), 4 of 6 questions comparable`.
pub fn score(similarity: &Similarity, dimensions: usize) -> String {
    let Similarity {
        score,
        low,
        high,
        comparable,
    } = similarity;
    let open = if (high - low).abs() < 5e-3 {
        String::new()
    } else {
        format!(" ({low:.2} to {high:.2} if what is open were known)")
    };
    format!("{score:.2}{open}, {comparable} of {dimensions} questions comparable")
}

/// What two programmes share, by the part of the score it makes, as one text a value.
pub fn shared(study: &Study<'_>, explanation: &Explanation) -> Vec<String> {
    let narrowest = explanation.narrowest(study.columns.schema());
    narrowest
        .iter()
        .map(|shared| {
            let how = match shared.kinship {
                Kinship::DifferentKinds => ", different kinds",
                Kinship::OneNarrower => ", one more exactly",
                Kinship::Same | Kinship::Implied => "",
            };
            format!(
                "{}{how} ({:.2})",
                study.value(shared.value),
                shared.contribution
            )
        })
        .collect()
}
