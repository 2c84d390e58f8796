//! What components print, line by line on standard error, each line under the component's name.

use std::io::Write as _;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use tokio::io::AsyncWrite;
use wasmtime_wasi::cli::{IsTerminal, StdoutStream};
use wasmtime_wasi::p2::{OutputStream, Pollable, StreamResult};

/// A component's standard output or standard error.
#[derive(Clone)]
pub(crate) struct Log {
    shared: Arc<Shared>,
}

struct Shared {
    component: Arc<str>,
    /// The start of a line whose end has not come yet.
    line: Mutex<Vec<u8>>,
}

impl Log {
    pub(crate) fn of(component: Arc<str>) -> Self {
        Self {
            shared: Arc::new(Shared {
                component,
                line: Mutex::default(),
            }),
        }
    }

    fn append(&self, bytes: &[u8]) {
        let mut line = self
            .shared
            .line
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        line.extend_from_slice(bytes);
        let Some(end) = line.iter().rposition(|byte| *byte == b'\n') else {
            return;
        };
        let rest = line.split_off(end + 1);
        print(&self.shared.component, &line);
        *line = rest;
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        let line = self.line.get_mut().unwrap_or_else(PoisonError::into_inner);
        if !line.is_empty() {
            print(&self.component, line);
        }
    }
}

/// Nothing can be done when standard error is closed, so that is ignored.
fn print(component: &str, lines: &[u8]) {
    let mut error = std::io::stderr().lock();
    for line in lines
        .strip_suffix(b"\n")
        .unwrap_or(lines)
        .split(|byte| *byte == b'\n')
    {
        let _ = error
            .write_all(format!("[{component}] {}\n", String::from_utf8_lossy(line)).as_bytes());
    }
}

impl IsTerminal for Log {
    fn is_terminal(&self) -> bool {
        false
    }
}

impl StdoutStream for Log {
    fn async_stream(&self) -> Box<dyn AsyncWrite + Send + Sync> {
        Box::new(self.clone())
    }

    /// Written at once: the default goes through a task that dies with a trapping instance, and with it the panic's message.
    fn p2_stream(&self) -> Box<dyn OutputStream> {
        Box::new(self.clone())
    }
}

impl AsyncWrite for Log {
    fn poll_write(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<std::io::Result<usize>> {
        self.append(bytes);
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

impl OutputStream for Log {
    fn write(&mut self, bytes: bytes::Bytes) -> StreamResult<()> {
        self.append(&bytes);
        Ok(())
    }

    fn flush(&mut self) -> StreamResult<()> {
        Ok(())
    }

    fn check_write(&mut self) -> StreamResult<usize> {
        Ok(64 << 10)
    }
}

#[wasmtime_wasi::async_trait]
impl Pollable for Log {
    async fn ready(&mut self) {}
}
