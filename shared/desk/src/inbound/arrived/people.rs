//! Who a mail is from, and whom it is for.

use mail_parser::Message;

use super::UNKNOWN_SENDER;
use crate::email::EmailAddress;
use crate::intake::{LONGEST_NAME, one_line};
use crate::ticket::number::without_placeholder;

/// Most recipients of one mail that are looked up.
const MOST_RECIPIENTS: usize = 64;

/// Whom answers are asked to go to.
pub(super) fn reply_to(message: &Message<'_>) -> Option<(EmailAddress, String)> {
    let (address, name) = correspondent(message.reply_to());
    address.map(|address| (address, name))
}

/// Who it is from.
pub(super) fn sender(message: &Message<'_>) -> (Option<EmailAddress>, String) {
    correspondent(message.from())
}

fn correspondent(header: Option<&mail_parser::Address<'_>>) -> (Option<EmailAddress>, String) {
    let first = header.and_then(|header| header.first());
    let address = first
        .and_then(|from| from.address())
        .and_then(EmailAddress::parse);
    let name = first
        .and_then(|from| from.name())
        .map(one_line)
        .filter(|name| !name.is_empty());
    let name = name.or_else(|| address.as_ref().map(ToString::to_string));
    let name = name.unwrap_or_else(|| UNKNOWN_SENDER.to_owned());
    (address, name.chars().take(LONGEST_NAME).collect())
}

/// Who a mail is for, as far as its headers tell; what its server wrote comes first, and stands on
/// its cover.
pub(super) fn recipients(outer: &Message<'_>, message: &Message<'_>) -> Vec<String> {
    let delivered = ["Delivered-To", "X-Original-To"].map(|header| outer.header_raw(header));
    let delivered = delivered.into_iter().flatten().map(str::to_owned);
    let lists = [message.to(), message.cc()].into_iter().flatten();
    let addresses = lists.flat_map(|list| list.iter());
    let named = addresses.filter_map(|address| address.address().map(str::to_owned));
    delivered
        .chain(named)
        .map(|address| address.trim().to_lowercase())
        .take(MOST_RECIPIENTS)
        .collect()
}

/// Those a mail names as its readers, with the names it gives them, or else their addresses.
pub(super) fn people(message: &Message<'_>) -> Vec<(EmailAddress, String)> {
    let lists = [message.to(), message.cc()].into_iter().flatten();
    let named = lists.flat_map(|list| list.iter()).filter_map(|person| {
        let address = EmailAddress::parse(person.address()?)?;
        let name = one_line(&without_placeholder(person.name().unwrap_or_default()));
        let name: String = name.chars().take(LONGEST_NAME).collect();
        let name = if name.is_empty() {
            address.to_string()
        } else {
            name
        };
        Some((address, name))
    });
    named.take(MOST_RECIPIENTS).collect()
}
