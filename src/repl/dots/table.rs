//! The table of dot-commands. Help, completion and dispatch read it; to add one, add an entry.

use crate::error::Result;

use super::super::session::{Flow, Session};
use super::{explore, help, looks, output, work};

/// A dot-command.
pub(in crate::repl) struct Dot {
    /// Its name, without the dot.
    pub(in crate::repl) name: &'static str,
    /// Other words for it.
    pub(in crate::repl) aliases: &'static [&'static str],
    /// Under which heading help lists it.
    pub(in crate::repl) topic: &'static str,
    /// How it is written.
    pub(in crate::repl) usage: &'static str,
    /// What it does, in one line.
    pub(in crate::repl) about: &'static str,
    /// The rest of what there is to know.
    pub(in crate::repl) more: &'static str,
    /// What may stand behind it.
    pub(in crate::repl) values: Values,
    /// Does it, given what stands behind the name.
    pub(in crate::repl) run: fn(&mut Session<'_>, &str) -> Result<Flow>,
}

/// What may stand behind a dot-command, for completion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::repl) enum Values {
    /// Nothing, or anything.
    Free,
    /// One of these words.
    Words(&'static [&'static str]),
    /// A format.
    Formats,
    /// A file.
    Files,
    /// A command.
    Commands,
    /// A setting.
    Settings,
    /// A named query.
    Queries,
    /// SPARQL.
    Sparql,
}

impl Dot {
    /// Whether the line is meant for the verb of the same name: `.labels` is a setting when a word
    /// follows, and else the analysis of labels.
    pub(in crate::repl) fn yields_to_verb(&self, rest: &str) -> bool {
        self.name == "labels" && (rest.is_empty() || rest.starts_with('-'))
    }
}

const ON_OFF: Values = Values::Words(&["on", "off"]);

/// Headings of help, in order.
pub(in crate::repl) const TOPICS: &[&str] = &["Ask", "Show", "Data", "Session"];

/// Every dot-command, in the order in which help lists them.
pub(in crate::repl) const DOTS: &[Dot] = &[
    Dot {
        name: "examples",
        aliases: &[],
        topic: "Ask",
        usage: ".examples [NUMBER|NAME]",
        about: "Questions to begin with; with a number or name, runs one",
        more: "Each is a named query that answers a question people ask. The query is printed\nabove its answer, to be recalled with the up arrow and changed.",
        values: Values::Queries,
        run: explore::examples,
    },
    Dot {
        name: "named",
        aliases: &[],
        topic: "Ask",
        usage: ".named [list | show NAME | run NAME [--param N=V] | check | save NAME]",
        about: "The named queries: list, show, run, check; save keeps the last query",
        more: "save writes the last query to the folder `queries` beside your replrc, where\n.named run finds it again. The others are as `peermap named` does them.",
        values: Values::Words(&["list", "show", "run", "check", "save"]),
        run: explore::named,
    },
    Dot {
        name: "param",
        aliases: &["params"],
        topic: "Ask",
        usage: ".param [NAME=TERM | NAME= | off]",
        about: "Give a variable a value in all queries that have it",
        more: ".param value=function:navigation makes ?value stand for that term, bound as a\nterm and never pasted as text. NAME= forgets it, off forgets all, nothing lists them.",
        values: Values::Free,
        run: work::param,
    },
    Dot {
        name: "explain",
        aliases: &[],
        topic: "Ask",
        usage: ".explain [json] [QUERY]",
        about: "How the engine answers a query: steps, rows, time, the worst step",
        more: "Without a query, the last one. The query runs to its end for that. json prints\nthe same for programs.",
        values: Values::Sparql,
        run: explore::explain,
    },
    Dot {
        name: "why",
        aliases: &[],
        topic: "Ask",
        usage: ".why [ROW]",
        about: "Why the last query has no answer; of a row, what it stands on",
        more: "With a number: the statements behind that row of the answer, with their sources.\nWithout: which part leaves nothing, what exists that is near it, and .fix when a\ncorrection has an answer. After an empty answer it speaks by itself.",
        values: Values::Free,
        run: explore::why,
    },
    Dot {
        name: "fix",
        aliases: &[],
        topic: "Ask",
        usage: ".fix",
        about: "Run the correction that was offered",
        more: "",
        values: Values::Free,
        run: explore::fix,
    },
    Dot {
        name: "last",
        aliases: &[],
        topic: "Ask",
        usage: ".last [FORMAT]",
        about: "The last answer again, all of its rows",
        more: "In another format if you name one: .last csv",
        values: Values::Formats,
        run: output::last,
    },
    Dot {
        name: "prefixes",
        aliases: &["prefix"],
        topic: "Ask",
        usage: ".prefixes [WORD]",
        about: "The prefixes that need no PREFIX line",
        more: "With a word, those whose prefix or namespace has it.",
        values: Values::Free,
        run: explore::prefixes,
    },
    Dot {
        name: "mode",
        aliases: &[],
        topic: "Show",
        usage: ".mode [FORMAT]",
        about: "The format of answers: auto, table, line, csv, tsv, json, md, html, ttl …",
        more: "auto shows tables and reports as text, a cell a line where columns would be too\nnarrow, and graphs as Turtle. Nothing says what it is now.",
        values: Values::Formats,
        run: looks::mode,
    },
    Dot {
        name: "labels",
        aliases: &[],
        topic: "Show",
        usage: ".labels on|off|instead",
        about: "Labels beside IRIs in tables, or instead of them",
        more: "Without a word, or with flags, it is the analysis of labels: .help labels analysis",
        values: Values::Words(&["on", "off", "beside", "instead"]),
        run: looks::labels,
    },
    Dot {
        name: "lang",
        aliases: &[],
        topic: "Show",
        usage: ".lang [en|fr]",
        about: "The language of labels",
        more: "",
        values: Values::Words(&["en", "fr"]),
        run: looks::lang,
    },
    Dot {
        name: "timer",
        aliases: &[],
        topic: "Show",
        usage: ".timer [on|off]",
        about: "Whether to say how long an answer took",
        more: "",
        values: ON_OFF,
        run: looks::timer,
    },
    Dot {
        name: "maxrows",
        aliases: &[],
        topic: "Show",
        usage: ".maxrows [NUMBER|off]",
        about: "How many rows of a table are shown",
        more: "The query still runs whole: .last shows the others, files get all of them.",
        values: Values::Words(&["off", "40", "100", "1000"]),
        run: looks::max_rows,
    },
    Dot {
        name: "pager",
        aliases: &[],
        topic: "Show",
        usage: ".pager [on|off|COMMAND]",
        about: "What shows answers that do not fit the screen",
        more: "on uses $PAGER, or less -FIRX. Answers that fit are printed as they are.",
        values: ON_OFF,
        run: looks::pager,
    },
    Dot {
        name: "once",
        aliases: &[],
        topic: "Show",
        usage: ".once FILE",
        about: "Put the next answer in a file; its ending tells the format",
        more: "",
        values: Values::Files,
        run: output::once,
    },
    Dot {
        name: "output",
        aliases: &[],
        topic: "Show",
        usage: ".output [FILE]",
        about: "Put all further answers in a file; without a file, back on the screen",
        more: "The file is begun anew and answers follow each other in it.",
        values: Values::Files,
        run: output::output,
    },
    Dot {
        name: "tee",
        aliases: &[],
        topic: "Show",
        usage: ".tee [FILE]",
        about: "Add all further answers to a file as well; without a file, no longer",
        more: "",
        values: Values::Files,
        run: output::tee,
    },
    Dot {
        name: "pipe",
        aliases: &[],
        topic: "Show",
        usage: ".pipe COMMAND",
        about: "Give the last answer to a shell command, all of its rows",
        more: "In the format of .mode; tables go as tab-separated values when that is auto.\n.pipe cut -f1 | sort | uniq -c",
        values: Values::Free,
        run: output::pipe,
    },
    Dot {
        name: "open",
        aliases: &[],
        topic: "Show",
        usage: ".open [FILE.html]",
        about: "The last answer as a page in the browser",
        more: "The page is written to FILE, or to a temporary file, and shown by $BROWSER,\nxdg-open or open.",
        values: Values::Files,
        run: output::open,
    },
    Dot {
        name: "load",
        aliases: &[],
        topic: "Data",
        usage: ".load FILE|DIR|SET …",
        about: "Add data to the loaded graph",
        more: "Files, folders and bundled sets, as for --data. Nothing of a broken file is added.",
        values: Values::Files,
        run: work::load,
    },
    Dot {
        name: "save",
        aliases: &[],
        topic: "Data",
        usage: ".save FILE",
        about: "Write the data, without the ontology and what follows from codings",
        more: "The ending tells the format: trig and nq keep the graphs apart. The file is\nreplaced whole or not at all.",
        values: Values::Files,
        run: work::save,
    },
    Dot {
        name: "export",
        aliases: &[],
        topic: "Data",
        usage: ".export DIR|FILE",
        about: "Write the data in its published forms, or as the three tables",
        more: "As `peermap export -o DIR|FILE`, whose flags it takes too.",
        values: Values::Files,
        run: work::export,
    },
    Dot {
        name: "help",
        aliases: &["h", "?"],
        topic: "Session",
        usage: ".help [COMMAND]",
        about: "All commands, or everything about one",
        more: "",
        values: Values::Commands,
        run: help::help,
    },
    Dot {
        name: "read",
        aliases: &[],
        topic: "Session",
        usage: ".read FILE",
        about: "Run a file: a query (.rq), an update (.ru), or lines as typed here",
        more: "It stops at the first error.",
        values: Values::Files,
        run: work::read,
    },
    Dot {
        name: "edit",
        aliases: &[],
        topic: "Session",
        usage: ".edit [FILE]",
        about: "Write the query in $VISUAL or $EDITOR; it runs when you leave",
        more: "It begins with the last query, or with what the file has.",
        values: Values::Files,
        run: work::edit,
    },
    Dot {
        name: "history",
        aliases: &[],
        topic: "Session",
        usage: ".history [NUMBER|WORDS]",
        about: "What was typed: the last 20, so many, or those with the words",
        more: "Ctrl-R searches while you type. Lines that begin with a blank are not kept.",
        values: Values::Free,
        run: work::history,
    },
    Dot {
        name: "set",
        aliases: &[],
        topic: "Session",
        usage: ".set [NAME VALUE]",
        about: "All settings, or change one",
        more: "Settings to begin with go into ~/.config/peermap/replrc, as lines typed here.",
        values: Values::Settings,
        run: looks::set,
    },
    Dot {
        name: "version",
        aliases: &[],
        topic: "Session",
        usage: ".version",
        about: "Which program and data this is",
        more: "",
        values: Values::Free,
        run: help::version,
    },
    Dot {
        name: "quit",
        aliases: &["exit", "q"],
        topic: "Session",
        usage: ".quit",
        about: "Leave; Ctrl-D does too",
        more: "With updates that are not saved, it asks once.",
        values: Values::Free,
        run: help::quit,
    },
];
