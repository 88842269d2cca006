//! What people are told: the message of the shape, or a sentence for the kind of constraint.

use oxrdf::{Literal, Term};

use super::shapes::Shapes;
use super::{ValidationResult, terms};

/// Sentences in English and in French by kind of constraint, for shapes that say nothing.
const SENTENCES: &[(&str, &str, &str)] = &[
    (
        "And",
        "Not all of the shapes that it must meet are met.",
        "Elle ne respecte pas toutes les formes demandées.",
    ),
    (
        "Class",
        "The value is not of the class that is asked for.",
        "La valeur n'est pas de la classe demandée.",
    ),
    (
        "Closed",
        "This property has no place here.",
        "Cette propriété n'a pas sa place ici.",
    ),
    (
        "Datatype",
        "The value is not of the datatype that is asked for.",
        "La valeur n'est pas du type de donnée demandé.",
    ),
    (
        "Disjoint",
        "The value stands under another property too, which the rule forbids.",
        "La valeur figure aussi sous une autre propriété, ce que la règle interdit.",
    ),
    (
        "Equals",
        "Two properties that must have the same values do not.",
        "Deux propriétés qui doivent avoir les mêmes valeurs ne les ont pas.",
    ),
    (
        "HasValue",
        "A value that must be there is not.",
        "Une valeur obligatoire manque.",
    ),
    (
        "In",
        "The value is none of those allowed.",
        "La valeur ne figure pas parmi celles qui sont admises.",
    ),
    (
        "LanguageIn",
        "The text is in none of the languages allowed.",
        "Le texte n'est dans aucune des langues admises.",
    ),
    (
        "LessThan",
        "The value is not less than the other one.",
        "La valeur n'est pas inférieure à l'autre.",
    ),
    (
        "LessThanOrEquals",
        "The value is greater than the other one.",
        "La valeur est supérieure à l'autre.",
    ),
    (
        "MaxCount",
        "There are too many values.",
        "Il y a trop de valeurs.",
    ),
    (
        "MaxExclusive",
        "The value is too great.",
        "La valeur est trop grande.",
    ),
    (
        "MaxInclusive",
        "The value is too great.",
        "La valeur est trop grande.",
    ),
    (
        "MaxLength",
        "The text is too long.",
        "Le texte est trop long.",
    ),
    (
        "MinCount",
        "There are too few values.",
        "Il n'y a pas assez de valeurs.",
    ),
    (
        "MinExclusive",
        "The value is too small.",
        "La valeur est trop petite.",
    ),
    (
        "MinInclusive",
        "The value is too small.",
        "La valeur est trop petite.",
    ),
    (
        "MinLength",
        "The text is too short.",
        "Le texte est trop court.",
    ),
    (
        "Node",
        "The value does not meet the shape that is asked for.",
        "La valeur ne respecte pas la forme demandée.",
    ),
    (
        "NodeKind",
        "The value is not of the kind that is asked for: an identifier, a text or a blank node.",
        "La valeur n'est pas de la nature demandée : un identifiant, un texte ou un nœud anonyme.",
    ),
    (
        "Not",
        "The value meets a shape that it must not meet.",
        "La valeur respecte une forme qu'elle ne doit pas respecter.",
    ),
    (
        "Or",
        "None of the shapes is met of which one must be.",
        "Aucune des formes dont une est exigée n'est respectée.",
    ),
    (
        "Pattern",
        "The text is not of the form that is asked for.",
        "Le texte n'a pas la forme demandée.",
    ),
    (
        "QualifiedMaxCount",
        "Too many values meet the shape.",
        "Trop de valeurs respectent la forme.",
    ),
    (
        "QualifiedMinCount",
        "Too few values meet the shape.",
        "Trop peu de valeurs respectent la forme.",
    ),
    (
        "SPARQL",
        "The rule in SPARQL finds a fault.",
        "La règle en SPARQL trouve une faute.",
    ),
    (
        "UniqueLang",
        "Two values are in the same language.",
        "Deux valeurs sont dans la même langue.",
    ),
    (
        "Xone",
        "Not exactly one of the shapes is met.",
        "Ce n'est pas exactement une des formes qui est respectée.",
    ),
];

/// Gives a result its messages: those it has, else those of its shape, else a sentence.
pub(super) fn complete(result: &mut ValidationResult, shapes: &Shapes) {
    if result.messages.is_empty() {
        result.messages = shapes.literals(&result.source_shape, terms::MESSAGE);
    }
    if !result.messages.is_empty() {
        return;
    }
    let kind = result
        .component
        .as_str()
        .strip_prefix(terms::SHACL)
        .and_then(|local| local.strip_suffix("ConstraintComponent"));
    let known = SENTENCES.iter().find(|(name, _, _)| Some(*name) == kind);
    let (en, fr) = known.map_or(
        ("The rule is broken.", "La règle n'est pas respectée."),
        |(_, en, fr)| (*en, *fr),
    );
    let tagged = |text: &str, tag: &str| Literal::new_language_tagged_literal_unchecked(text, tag);
    result.messages = vec![tagged(en, "en"), tagged(fr, "fr")];
}

/// A message with `{?name}` and `{$name}` replaced by what `value` knows of them.
pub(super) fn filled(message: &Literal, value: &dyn Fn(&str) -> Option<Term>) -> Literal {
    let mut text = String::with_capacity(message.value().len());
    let mut rest = message.value();
    while let Some(start) = rest.find(['{']) {
        let (before, from) = rest.split_at(start);
        text.push_str(before);
        let name = from
            .strip_prefix("{?")
            .or_else(|| from.strip_prefix("{$"))
            .and_then(|inner| inner.split_once('}'));
        let found = name.and_then(|(name, after)| Some((value(name)?, after)));
        if let Some((term, after)) = found {
            match term {
                Term::NamedNode(node) => text.push_str(crate::terms::short_name(node.as_str())),
                Term::Literal(literal) => text.push_str(literal.value()),
                other => text.push_str(&other.to_string()),
            }
            rest = after;
        } else {
            text.push('{');
            rest = &from[1..];
        }
    }
    text.push_str(rest);
    match message.language() {
        Some(tag) => Literal::new_language_tagged_literal_unchecked(text, tag),
        None => Literal::new_simple_literal(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_unknown_stays_as_it_stands() {
        let message = Literal::new_simple_literal("{?value} and {$this} but {?other} { }");
        let value = |name: &str| match name {
            "value" => Some(Literal::from(3).into()),
            "this" => Some(oxrdf::NamedNode::new_unchecked("https://e.org/a").into()),
            _ => None,
        };
        assert_eq!(filled(&message, &value).value(), "3 and a but {?other} { }");
    }
}
