//! How errors and warnings are shown: by miette, with the text around each place.

use super::error::CliError;
use super::printer::Printer;
use crate::application::{ApplicationError, Warnings};
use crate::object::check::Finding;
use crate::values::{At, Mistake, Mistakes, Origin, Sources};
use miette::{
    Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, NamedSource, Severity,
    SourceCode,
};
use std::error::Error;
use std::fmt;

/// Tells an error.
pub(super) fn error(printer: &Printer, error: &CliError) {
    match error {
        CliError::Application(error) => application(printer, error),
        CliError::Checked { errors } => {
            for (environment, error) in errors {
                printer.tell(&format!("in {environment}:"));
                application(printer, error);
            }
        }
        other => one(printer, other, Severity::Error, other.help()),
    }
}

/// Tells warnings.
pub(super) fn warnings(printer: &Printer, warnings: &Warnings) {
    if let Some(values) = &warnings.values {
        mistakes(printer, values, Severity::Warning);
    }
    for finding in &warnings.objects {
        object(printer, finding, Severity::Warning);
    }
}

fn application(printer: &Printer, error: &ApplicationError) {
    match error {
        ApplicationError::Values(values) => mistakes(printer, values, Severity::Error),
        ApplicationError::Check(findings) => {
            findings.iter().for_each(|finding| object(printer, finding, Severity::Error));
        }
        ApplicationError::Service { help, .. } => {
            one(printer, error, Severity::Error, help.clone());
        }
        other => one(printer, other, Severity::Error, None),
    }
}

fn mistakes(printer: &Printer, mistakes: &Mistakes, severity: Severity) {
    for mistake in &mistakes.list {
        let main = mistake.at.map(|at| (at, String::new()));
        let labels = main.into_iter().chain(mistake.related.iter().cloned());
        let message = headline(mistake, &mistakes.sources);
        let help = mistake.help.clone().map(|help| escaped(&help));
        show(printer, &Report::new(message, severity, help, &mistakes.sources, labels));
    }
}

/// What is wrong, by path. A place without a text of its own is named in the message.
fn headline(mistake: &Mistake, sources: &Sources) -> String {
    let message = escaped(&mistake.message);
    let place = match mistake.at {
        Some(at) if !shown(sources, at) => format!(" ({})", sources.place(at)),
        _ => String::new(),
    };
    if mistake.path.is_empty() {
        format!("{message}{place}")
    } else {
        format!("`{}`: {message}{place}", escaped(&mistake.path))
    }
}

/// Whether the text around a place says anything, and not too much: a document without line breaks
/// would be shown whole.
fn shown(sources: &Sources, at: At) -> bool {
    const LONGEST: usize = 1_000;
    let source = sources.get(at.source);
    let text = &source.text;
    let place = text.floor_char_boundary(at.start as usize);
    let before = text[..place].rsplit('\n').take(2).map(str::len);
    let after = text[place..].split('\n').take(2).map(str::len);
    !matches!(source.origin, Origin::Provider(_))
        && !text.is_empty()
        && before.chain(after).all(|length| length <= LONGEST)
}

fn object(printer: &Printer, finding: &Finding, severity: Severity) {
    let field =
        if finding.field.is_empty() { String::new() } else { format!("{}: ", finding.field) };
    let message = format!("{}: {field}{}", finding.object, finding.message);
    let help = finding.help.as_deref().map(escaped);
    show(
        printer,
        &Report::new(escaped(&message), severity, help, &Sources::default(), std::iter::empty()),
    );
}

fn one(printer: &Printer, error: &dyn Error, severity: Severity, help: Option<String>) {
    let mut message = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        message = format!("{message}: {cause}");
        source = cause.source();
    }
    let sources = Sources::default();
    show(printer, &Report::new(escaped(&message), severity, help, &sources, std::iter::empty()));
}

/// Control characters in values could move the cursor or change colours: they are shown escaped.
pub(super) fn escaped(text: &str) -> String {
    text.chars().fold(String::with_capacity(text.len()), |mut out, c| {
        if c.is_control() && !matches!(c, '\n' | '\t') {
            out.extend(c.escape_default());
        } else {
            out.push(c);
        }
        out
    })
}

/// One error or warning, as miette takes it.
#[derive(Debug)]
struct Report {
    message: String,
    severity: Severity,
    help: Option<String>,
    source: Option<NamedSource<String>>,
    labels: Vec<LabeledSpan>,
}

impl Report {
    fn new(
        message: String,
        severity: Severity,
        help: Option<String>,
        sources: &Sources,
        places: impl Iterator<Item = (At, String)>,
    ) -> Self {
        let mut report = Self { message, severity, help, source: None, labels: Vec::new() };
        let mut of = None;
        for (at, label) in places {
            if !shown(sources, at) {
                continue;
            }
            let source = sources.get(at.source);
            let first = *of.get_or_insert(at.source);
            if first != at.source {
                // A second source does not fit into one frame; its place is told in words.
                let place = format!("{label} at {}", sources.place(at));
                report.help = Some(match report.help.take() {
                    Some(help) => format!("{place}; {help}"),
                    None => place,
                });
                continue;
            }
            if report.source.is_none() {
                // Every control character becomes one of the same width, so that places stay.
                let text = source.text.chars().map(visible).collect();
                let name = match &source.origin {
                    Origin::Flag(flag) => format!("{flag} {}", escaped(&source.text)),
                    origin => escaped(&origin.to_string()),
                };
                report.source = Some(NamedSource::new(name, text));
            }
            let (start, end) = (at.start as usize, at.end.max(at.start + 1) as usize);
            let length = end.min(source.text.len().max(start)) - start;
            // A table goes on for many lines; its first line says where it is.
            let length = source
                .text
                .get(start..start + length)
                .map_or(length, |text| text.find('\n').unwrap_or(length));
            let label = if label.is_empty() { None } else { Some(escaped(&label)) };
            report.labels.push(LabeledSpan::new(label, start, length.max(1)));
        }
        report
    }
}

/// The character, or one of the same number of bytes for a control character.
fn visible(c: char) -> char {
    match c {
        '\n' | '\t' => c,
        c if c.is_control() && c.len_utf8() == 1 => '?',
        c if c.is_control() => '\u{b7}',
        c => c,
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl Error for Report {}

impl Diagnostic for Report {
    fn severity(&self) -> Option<Severity> {
        Some(self.severity)
    }
    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.help.as_ref().map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }
    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.source.as_ref().map(|source| source as &dyn SourceCode)
    }
    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        (!self.labels.is_empty()).then(|| Box::new(self.labels.iter().cloned()) as _)
    }
}

fn show(printer: &Printer, report: &Report) {
    let theme = if printer.colored_stderr() {
        GraphicalTheme::unicode()
    } else {
        GraphicalTheme::unicode_nocolor()
    };
    let handler = GraphicalReportHandler::new_themed(theme)
        .with_width(printer.width())
        .with_context_lines(1)
        .with_links(false);
    let mut text = String::new();
    match handler.render_report(&mut text, report) {
        Ok(()) => printer.tell(text.trim_end()),
        Err(_) => printer.tell(&report.message),
    }
}
