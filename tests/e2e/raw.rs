//! Requests that no decent client would send, byte by byte.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::thread;
use std::time::Duration;

use crate::Outcome;
use crate::stage::Stage;

const PATIENCE: Duration = Duration::from_secs(30);

/// Sends bytes and returns the status of what comes back, `None` when the connection is closed
/// without an answer.
///
/// Reading goes on while bytes are still sent: a server may answer before it has read them all.
pub(crate) fn status(stage: &Stage, bytes: Vec<u8>) -> Outcome<Option<u16>> {
    let address = stage.url.trim_start_matches("http://");
    let stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    let mut sender = stream.try_clone()?;
    // A server that has answered already may not read on; what it answered is what counts.
    let sent = thread::spawn(move || sender.write_all(&bytes));
    let mut answer = Vec::new();
    let mut piece = [0; 4096];
    let mut reader = &stream;
    while !answer.windows(4).any(|end| end == b"\r\n\r\n") {
        match reader.read(&mut piece) {
            Ok(0) | Err(_) => break,
            Ok(length) => answer.extend_from_slice(&piece[..length]),
        }
    }
    let _ = stream.shutdown(Shutdown::Both);
    let _ = sent.join();
    let text = String::from_utf8_lossy(&answer).into_owned();
    let status = text
        .strip_prefix("HTTP/1.1 ")
        .and_then(|rest| rest.get(..3));
    Ok(status.and_then(|status| status.parse().ok()))
}

/// Sends the beginning of a request, and hangs up.
pub(crate) fn hang_up(stage: &Stage, bytes: &[u8]) -> Outcome {
    let mut stream = TcpStream::connect(stage.url.trim_start_matches("http://"))?;
    stream.write_all(bytes)?;
    Ok(())
}
