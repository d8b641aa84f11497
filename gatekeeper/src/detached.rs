//! Requests that outlive their client.

use actix_web::rt;
use std::{future, panic};

/// Runs a request that may change something in a task of the worker's own, and returns its answer.
///
/// actix drops the future of a request whose client hangs up. Whatever this future does is dropped with it: a change
/// that is half told to the stores that must know of it, a lock that nobody gives back. The task goes on; what the
/// client takes along is the wait for it.
pub async fn detached<T: 'static>(request: impl Future<Output = T> + 'static) -> T {
    match rt::spawn(request).await {
        Ok(answer) => answer,
        Err(error) => match error.try_into_panic() {
            // actix closes the connection, as it does when the handler itself panics.
            Ok(cause) => panic::resume_unwind(cause),
            // The worker ends, and this future with it.
            Err(_cancelled) => future::pending().await,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::detached;
    use actix_web::rt;
    use std::{cell::Cell, rc::Rc, time::Duration};

    #[actix_web::test]
    async fn what_was_begun_ends_though_nobody_waits() {
        let ended = Rc::new(Cell::new(false));
        let seen = Rc::clone(&ended);
        let work = detached(async move {
            rt::time::sleep(Duration::from_millis(20)).await;
            seen.set(true);
        });
        assert!(
            rt::time::timeout(Duration::from_millis(1), work)
                .await
                .is_err()
        );
        assert!(!ended.get());
        rt::time::sleep(Duration::from_millis(60)).await;
        assert!(ended.get());
    }
}
