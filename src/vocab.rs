//! Constants for the structural terms of the vocabulary, and nothing else.
//!
//! The questions of the map, their values and the silos are data (`ontology/map.ttl`,
//! `ontology/silos.ttl`) and are never named in Rust. A test checks that each term here is
//! declared in `ontology/core.ttl`. To use a new structural term, declare it there and add a line.

use oxrdf::NamedNodeRef;

macro_rules! terms {
    ($base:literal; $all:ident; $($(#[$doc:meta])* $name:ident = $local:literal),* $(,)?) => {
        $($(#[$doc])* pub const $name: NamedNodeRef<'static> =
            NamedNodeRef::new_unchecked(concat!($base, $local));)*
        /// Every term of this list.
        pub const $all: &[NamedNodeRef<'static>] = &[$($name),*];
    };
}

/// Where all identifiers of the project begin.
pub const BASE: &str = "https://w3id.org/peermap/";

terms! { "https://w3id.org/peermap/ns#"; PEERMAP;
    /// What is situated on the map.
    PROGRAMME = "Programme",
    /// A kind of peer: a role, never a person.
    PEER = "Peer",
    /// A word in use for peers.
    PEER_LABEL = "PeerLabel",
    /// One evidenced statement about a programme and a value.
    CODING = "Coding",
    /// A publication or page.
    SOURCE = "Source",
    /// A team or piece of software that codes.
    CODER = "Coder",
    /// How organised a programme is.
    KIND = "kind",
    /// Programme to peer.
    ENGAGES = "engages",
    /// Peer to label.
    CALLED_BY = "calledBy",
    /// Programme to historical trend.
    TREND = "trend",
    /// Coding to programme.
    CODING_OF = "codingOf",
    /// Coding to dimension.
    ON_DIMENSION = "onDimension",
    /// Dimension or axis to the property that links a programme straight to a value.
    PROPERTY = "property",
    /// Coding to value.
    CODED_VALUE = "codedValue",
    /// Coding to finding.
    FINDING = "finding",
    /// Coding to basis.
    BASIS = "basis",
    /// Coding to confidence.
    CONFIDENCE = "confidence",
    /// Coding to the work its source cites.
    CITED_REFERENCE = "citedReference",
    /// Note in our own words.
    EVIDENCE = "evidence",
    /// Authors of a source in their order.
    AUTHORS = "authors",
    /// Place in the source.
    LOCATOR = "locator",
    /// ISO 3166-1 alpha-2 code.
    COUNTRY = "country",
    /// Place as the source names it.
    PLACE = "place",
    /// Time as the source words it.
    PERIOD = "period",
    /// First year.
    EARLIEST_YEAR = "earliestYear",
    /// Last year.
    LATEST_YEAR = "latestYear",
    /// The value holds.
    PRESENT = "Present",
    /// The source denies the value.
    ABSENT = "Absent",
    /// Looked, and the source is silent.
    NOT_REPORTED = "NotReported",
    /// A short step from what the source says.
    INFERRED = "Inferred",
    /// A rule proposed it.
    MACHINE = "Machine",
    /// A run of the program whose results were kept.
    ANALYSIS = "Analysis",
    /// How alike an analysis finds two programmes.
    RESEMBLANCE = "Resemblance",
    /// Two labels that seem to stand for the same work.
    MATCH_PROPOSAL = "MatchProposal",
    /// Resemblance to each of two programmes.
    BETWEEN = "between",
    /// Resemblance to a value that both have.
    SHARED_VALUE = "sharedValue",
    /// How alike, from 0 to 1.
    SCORE = "score",
    /// The score if what is open told them apart.
    LOW_SCORE = "lowScore",
    /// The score if what is open were the same.
    HIGH_SCORE = "highScore",
    /// Questions that both answer.
    COMPARABLE = "comparable",
    /// Probability by chance.
    P_VALUE = "pValue",
    /// False discovery rate.
    Q_VALUE = "qValue",
    /// Times as many in common as by chance.
    LIFT = "lift",
    /// Rarity of the shared values, added up.
    RARITY = "rarity",
    /// Match proposal to each of two labels.
    PROPOSES = "proposes",
    /// How far the work behind two labels lies apart.
    DIVERGENCE = "divergence",
    /// Divergence of random halves of one label.
    NOISE_FLOOR = "noiseFloor",
    /// Share of the work that two labels have in common.
    NICHE_OVERLAP = "nicheOverlap",
    /// Settings of an analysis as JSON.
    PARAMETERS = "parameters",
    /// SHA-256 of the profiles that an analysis read.
    DATA_HASH = "dataHash",
}

/// Terms of other vocabularies.
pub mod other {
    use oxrdf::NamedNodeRef;

    terms! { "http://purl.org/dc/terms/"; DCTERMS;
        /// Title of a source.
        TITLE = "title",
        /// Description of a programme.
        DESCRIPTION = "description",
        /// Full reference, authors in their order.
        CITATION = "bibliographicCitation",
        /// Author of a source.
        CREATOR = "creator",
        /// Year of a source.
        DATE = "date",
        /// Journal, publisher or site of a source.
        IS_PART_OF = "isPartOf",
        /// Type of a source.
        TYPE = "type",
        /// Licence of a source, as stated there.
        RIGHTS = "rights",
        /// The source in whose reference list a source stands.
        IS_REFERENCED_BY = "isReferencedBy",
        /// Source of a statement.
        DCTERMS_SOURCE = "source",
    }
    terms! { "http://www.w3.org/2004/02/skos/core#"; SKOS;
        /// A concept.
        CONCEPT = "Concept",
        /// Scheme of a concept.
        IN_SCHEME = "inScheme",
        /// Concept without a broader one.
        TOP_CONCEPT_OF = "topConceptOf",
        /// Preferred label.
        PREF_LABEL = "prefLabel",
        /// Another label.
        ALT_LABEL = "altLabel",
        /// Short code.
        NOTATION = "notation",
        /// A term that means nearly the same.
        CLOSE_MATCH = "closeMatch",
    }
    terms! { "http://www.w3.org/ns/prov#"; PROV;
        /// Who is answerable.
        WAS_ATTRIBUTED_TO = "wasAttributedTo",
        /// When it was written.
        GENERATED_AT_TIME = "generatedAtTime",
        /// Whose result it is.
        WAS_GENERATED_BY = "wasGeneratedBy",
        /// What did the work.
        WAS_ASSOCIATED_WITH = "wasAssociatedWith",
        /// When the work was done.
        ENDED_AT_TIME = "endedAtTime",
        /// A piece of software that acts.
        SOFTWARE_AGENT = "SoftwareAgent",
    }
    terms! { "http://purl.org/ontology/bibo/"; BIBO;
        /// Digital object identifier.
        DOI = "doi",
    }
    terms! { "http://xmlns.com/foaf/0.1/"; FOAF;
        /// A page that a reader can open.
        PAGE = "page",
    }
}
