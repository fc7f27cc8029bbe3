//! Asking once for what several want to know.

use std::cell::Cell;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::OnceCell;
use tokio::time::{Instant, timeout_at};

/// Answers of one run by question. Who asks what another is asking already waits for that answer.
#[derive(Debug)]
pub struct Once<T> {
    answers: Mutex<HashMap<String, Arc<OnceCell<T>>>>,
}

impl<T> Default for Once<T> {
    fn default() -> Once<T> {
        Once { answers: Mutex::default() }
    }
}

impl<T: Clone> Once<T> {
    /// The answer to `question`, which `ask` gives if nobody has it yet. One that `ask` gives as an error (there was no
    /// time for an answer) is for this asker alone: another may have more time. `None` where `deadline` comes before the
    /// answer of another.
    pub async fn ask(&self, question: String, deadline: Instant, ask: impl Future<Output = Result<T, T>>) -> Option<T> {
        let cell = {
            let mut answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(answers.entry(question).or_default())
        };
        let began = Cell::new(false);
        let asking = cell.get_or_try_init(|| {
            began.set(true);
            ask
        });
        let mut asking = std::pin::pin!(asking);
        let answer = match timeout_at(deadline, asking.as_mut()).await {
            Ok(answer) => answer,
            // Who asks knows the deadline as well, and may need a moment more to clean up.
            Err(_) if began.get() => asking.await,
            Err(_) => return None,
        };
        Some(answer.cloned().unwrap_or_else(|own| own))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    use super::*;

    #[tokio::test]
    async fn a_question_is_asked_once_and_an_answer_that_is_none_is_not_kept() {
        let (once, asked) = (Once::default(), AtomicUsize::new(0));
        let soon = || Instant::now() + Duration::from_secs(5);
        let ask = |question: &str, answer: Result<u8, u8>| {
            let asked = &asked;
            once.ask(question.to_owned(), soon(), async move {
                asked.fetch_add(1, Ordering::SeqCst);
                tokio::time::sleep(Duration::from_millis(20)).await;
                answer
            })
        };
        let both = futures_util::join!(ask("a", Ok(1)), ask("a", Ok(2)));
        assert_eq!((both, asked.load(Ordering::SeqCst)), ((Some(1), Some(1)), 1));
        assert_eq!((ask("a", Ok(3)).await, ask("b", Err(4)).await, ask("b", Ok(5)).await), (Some(1), Some(4), Some(5)));
        assert_eq!(asked.load(Ordering::SeqCst), 3);
    }

    #[tokio::test]
    async fn nobody_waits_longer_than_there_is_time() {
        let once = Once::default();
        let never = once.ask("a".to_owned(), Instant::now() + Duration::from_secs(60), std::future::pending());
        let short = once.ask("a".to_owned(), Instant::now() + Duration::from_millis(20), async { Ok::<u8, u8>(1) });
        tokio::select! {
            biased;
            _ = never => panic!("it never ends"),
            seen = short => assert_eq!(seen, None),
        }
    }
}
