//! The form of a letter: plain text, and the same as a simple page.

use lettre::message::{Mailbox, MultiPart};
use lettre::{Address, Message};

use crate::{Error, Letter};

/// The message that carries a letter.
pub(crate) fn message(letter: &Letter, from: &Mailbox) -> Result<Message, Error> {
    let unsendable = |error: &dyn std::fmt::Display| Error::Unsendable(error.to_string());
    let address: Address = letter.to.trim().parse().map_err(|error| unsendable(&error))?;
    let name = Some(one_line(&letter.to_name)).filter(|name| !name.is_empty());
    Message::builder()
        .from(from.clone())
        .to(Mailbox::new(name, address))
        .subject(one_line(&letter.subject))
        .message_id(None)
        .multipart(MultiPart::alternative_plain_html(plain(letter), page(letter)))
        .map_err(|error| unsendable(&error))
}

/// A text without line ends, which would begin another header.
fn one_line(text: &str) -> String {
    text.split(char::is_control)
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
        .trim()
        .to_owned()
}

fn plain(letter: &Letter) -> String {
    let mut text = letter.text.trim_end().to_owned();
    if let Some((words, address)) = &letter.link {
        text = format!("{text}\n\n{words}:\n{address}");
    }
    text + "\n"
}

fn page(letter: &Letter) -> String {
    let paragraphs = letter.text.split("\n\n").map(str::trim).filter(|text| !text.is_empty());
    let mut body: String =
        paragraphs.map(|text| format!("<p>{}</p>\n", encoded(text).replace('\n', "<br>\n"))).collect();
    if let Some((words, address)) = &letter.link {
        let (words, address) = (encoded(words), encoded(address));
        let style = "display:inline-block;padding:10px 20px;border-radius:6px;background:#2b5fd9;color:#ffffff;text-decoration:none";
        body += &format!("<p><a href=\"{address}\" style=\"{style}\">{words}</a></p>\n");
        body += &format!("<p style=\"color:#666666;font-size:13px;word-break:break-all\">{address}</p>\n");
    }
    let title = encoded(&one_line(&letter.subject));
    format!(
        "<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\"><title>{title}</title></head>\n\
         <body style=\"font-family:sans-serif;font-size:15px;line-height:1.5;color:#222222;max-width:560px;margin:24px auto;padding:0 16px\">\n\
         {body}</body></html>\n"
    )
}

/// Text as it may stand in a page and in an attribute.
fn encoded(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&#39;")
}
