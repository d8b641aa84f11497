//! The bounded queue between requests and hashing threads.

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use secrecy::SecretString;
use tokio::sync::oneshot;

use super::hasher::Hasher;
use super::normal::normal_form;
use super::{PasswordFault, Verdict, policy};

/// Where the answer goes.
pub(super) type Reply<T> = oneshot::Sender<Result<T, PasswordFault>>;

/// What a thread is asked to do.
pub(super) enum Job {
    Hash {
        password: SecretString,
        /// Of the account that the password is for.
        email: String,
        reply: Reply<String>,
    },
    Verify {
        password: SecretString,
        stored: Arc<str>,
        reply: Reply<Verdict>,
    },
}

impl Job {
    /// Whether nobody waits for the answer any more.
    fn is_abandoned(&self) -> bool {
        match self {
            Self::Hash { reply, .. } => reply.is_closed(),
            Self::Verify { reply, .. } => reply.is_closed(),
        }
    }

    // A failed send means that the request was cancelled meanwhile: nobody to tell.
    fn run(self, hasher: &mut Hasher) {
        match self {
            Self::Hash {
                password,
                email,
                reply,
            } => {
                let password = normal_form(&password);
                let checked = policy::check(&password, &email);
                drop(reply.send(checked.and_then(|()| hasher.hash(&password))));
            }
            Self::Verify {
                password,
                stored,
                reply,
            } => {
                drop(reply.send(hasher.verify(&password, &stored)));
            }
        }
    }
}

/// Jobs that wait for a thread.
pub(super) struct Queue {
    limit: usize,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    jobs: VecDeque<Job>,
    closed: bool,
}

impl Queue {
    pub(super) fn new(limit: usize) -> Self {
        Self {
            limit,
            state: Mutex::default(),
            changed: Condvar::new(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // No code that can panic runs under the lock, so the state is sound even when poisoned.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn push(&self, job: Job) -> Result<(), PasswordFault> {
        let mut state = self.lock();
        if state.jobs.len() >= self.limit {
            state.jobs.retain(|waiting| !waiting.is_abandoned());
        }
        if state.jobs.len() >= self.limit {
            return Err(PasswordFault::Busy);
        }
        state.jobs.push_back(job);
        drop(state);
        self.changed.notify_one();
        Ok(())
    }

    pub(super) fn close(&self) {
        self.lock().closed = true;
        self.changed.notify_all();
    }

    /// Does jobs until the queue is closed and empty.
    pub(super) fn work(&self, mut hasher: Hasher) {
        let mut state = self.lock();
        loop {
            if let Some(job) = state.jobs.pop_front() {
                drop(state);
                if !job.is_abandoned() {
                    job.run(&mut hasher);
                }
                state = self.lock();
            } else if state.closed {
                return;
            } else {
                state = self
                    .changed
                    .wait(state)
                    .unwrap_or_else(PoisonError::into_inner);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_queue_refuses_and_abandoned_jobs_give_their_places_back() {
        let queue = Queue::new(2);
        let job = || {
            let (reply, answer) = oneshot::channel();
            (
                Job::Hash {
                    password: "x".into(),
                    email: String::new(),
                    reply,
                },
                answer,
            )
        };
        let (first, first_answer) = job();
        let (second, _second_answer) = job();
        let (third, _third_answer) = job();
        queue.push(first).unwrap();
        queue.push(second).unwrap();
        assert_eq!(queue.push(third), Err(PasswordFault::Busy));

        drop(first_answer);
        let (fourth, _fourth_answer) = job();
        queue.push(fourth).unwrap();
        assert_eq!(queue.lock().jobs.len(), 2);
    }
}
