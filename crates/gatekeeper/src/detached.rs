//! Requests that outlive their client.

use actix_web::rt::{
    self,
    task::{JoinError, JoinHandle},
};
use std::{
    cell::Cell,
    future, panic,
    pin::Pin,
    rc::Rc,
    task::{Context, Poll},
};

/// Requests of one worker that go on without a client. Who hangs up over and over must not fill the worker with work
/// that nobody waits for: what is abandoned beyond this number is dropped, as actix would.
const ABANDONED: usize = 8;

thread_local! {
    static GOING_ON: Cell<usize> = const { Cell::new(0) };
}

/// The progress of a request, as far as it decides whether the request goes on without its client.
#[derive(Clone, Default)]
pub struct Stage(Rc<State>);

#[derive(Default)]
struct State {
    admitted: Cell<bool>,
    abandoned: Cell<bool>,
}

impl Stage {
    /// Notes that the request was admitted: all of it is here, and the operation begins.
    pub fn admitted(&self) {
        self.0.admitted.set(true);
    }
}

/// Runs a request that may change something, and returns its answer.
///
/// actix drops the future of a request whose client hangs up. Whatever this future does is dropped with it: a change
/// that was stored but not published to other instances, say. Once the request is [admitted](Stage::admitted) it
/// goes on in a task of the worker's own; what the client takes along is the wait for it. Of many such tasks the latest
/// are dropped all the same, so a service must be sound when that happens, as it must be when the process is killed.
pub async fn detached<T, R>(request: impl FnOnce(Stage) -> R) -> T
where
    T: 'static,
    R: Future<Output = T> + 'static,
{
    let stage = Stage::default();
    let mut request = Box::pin(request(stage.clone()));
    let answered = future::poll_fn(|context| match request.as_mut().poll(context) {
        Poll::Ready(answer) => Poll::Ready(Some(answer)),
        Poll::Pending if stage.0.admitted.get() => Poll::Ready(None),
        Poll::Pending => Poll::Pending,
    });
    if let Some(answer) = answered.await {
        return answer;
    }
    let counted = Counted(stage.clone());
    let task = rt::spawn(async move {
        let answer = request.await;
        drop(counted);
        answer
    });
    match (Waiting { task, stage }).await {
        Ok(answer) => answer,
        Err(error) => match error.try_into_panic() {
            // actix closes the connection, as it does when the handler itself panics.
            Ok(cause) => panic::resume_unwind(cause),
            // The worker ends, and this future with it.
            Err(_cancelled) => future::pending().await,
        },
    }
}

/// The wait for a task.
struct Waiting<T> {
    task: JoinHandle<T>,
    stage: Stage,
}

impl<T> Future for Waiting<T> {
    type Output = Result<T, JoinError>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        Pin::new(&mut self.task).poll(context)
    }
}

impl<T> Drop for Waiting<T> {
    fn drop(&mut self) {
        if self.task.is_finished() {
            return;
        }
        if GOING_ON.get() < ABANDONED {
            GOING_ON.set(GOING_ON.get() + 1);
            self.stage.0.abandoned.set(true);
        } else {
            self.task.abort();
        }
    }
}

/// Held by a task for as long as it runs.
struct Counted(Stage);

impl Drop for Counted {
    fn drop(&mut self) {
        if self.0.0.abandoned.get() {
            GOING_ON.set(GOING_ON.get().saturating_sub(1));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::rt::time::{sleep, timeout};
    use std::time::Duration;

    async fn abandon(ended: &Rc<Cell<usize>>) {
        let ended = Rc::clone(ended);
        let work = detached(|stage| async move {
            stage.admitted();
            sleep(Duration::from_millis(400)).await;
            ended.set(ended.get() + 1);
        });
        assert!(timeout(Duration::from_millis(1), work).await.is_err());
    }

    #[actix_web::test]
    async fn what_was_begun_ends_though_nobody_waits() {
        let ended = Rc::default();
        abandon(&ended).await;
        assert_eq!(ended.get(), 0);
        sleep(Duration::from_millis(600)).await;
        assert_eq!(ended.get(), 1);
        assert_eq!(GOING_ON.get(), 0);
    }

    #[actix_web::test]
    async fn what_was_not_admitted_is_dropped() {
        let ended = Rc::new(Cell::new(0));
        let seen = Rc::clone(&ended);
        let work = detached(|_| async move {
            sleep(Duration::from_millis(20)).await;
            seen.set(1);
        });
        assert!(timeout(Duration::from_millis(1), work).await.is_err());
        sleep(Duration::from_millis(60)).await;
        assert_eq!(ended.get(), 0);
    }

    #[actix_web::test]
    async fn what_is_abandoned_beyond_the_limit_is_dropped() {
        let ended = Rc::default();
        for _ in 0..ABANDONED + 9 {
            abandon(&ended).await;
        }
        assert_eq!(GOING_ON.get(), ABANDONED);
        sleep(Duration::from_millis(800)).await;
        assert_eq!(ended.get(), ABANDONED);
        assert_eq!(GOING_ON.get(), 0);
    }
}
