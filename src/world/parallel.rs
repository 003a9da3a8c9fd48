//! Doing the same with many things on all cores.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// The results in the order of the items. Few items are done right here: one file must not pay for
/// starting threads.
pub fn map<'i, T: Sync, R: Send>(items: &'i [T], work: impl Fn(&'i T) -> R + Sync) -> Vec<R> {
    let threads =
        thread::available_parallelism().map_or(1, std::num::NonZero::get).min(items.len() / FEW);
    spread(items, threads, CHUNK, work)
}

/// The same for work that waits for others most of its time: many at once, whatever the cores.
pub fn map_waiting<'i, T: Sync, R: Send>(
    items: &'i [T],
    work: impl Fn(&'i T) -> R + Sync,
) -> Vec<R> {
    spread(items, items.len().min(WAITING), 1, work)
}

fn spread<'i, T: Sync, R: Send>(
    items: &'i [T],
    threads: usize,
    size: usize,
    work: impl Fn(&'i T) -> R + Sync,
) -> Vec<R> {
    if threads < 2 {
        return items.iter().map(work).collect();
    }
    let next = AtomicUsize::new(0);
    let done: Mutex<Vec<(usize, R)>> = Mutex::new(Vec::with_capacity(items.len()));
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                let mut mine = Vec::new();
                loop {
                    let start = next.fetch_add(size, Ordering::Relaxed);
                    let Some(chunk) = items.get(start..(start + size).min(items.len())) else {
                        break;
                    };
                    mine.extend(chunk.iter().enumerate().map(|(n, item)| (start + n, work(item))));
                }
                done.lock().expect("bug: a worker panicked while it kept its results").extend(mine);
            });
        }
    });
    let mut done = done.into_inner().expect("bug: a worker panicked while it kept its results");
    done.sort_by_key(|(index, _)| *index);
    done.into_iter().map(|(_, result)| result).collect()
}

const FEW: usize = 8;
const CHUNK: usize = 16;
const WAITING: usize = 64;

#[cfg(test)]
mod tests {
    use super::{map, map_waiting};

    #[test]
    fn results_come_in_the_order_of_the_items() {
        let items: Vec<usize> = (0..1000).collect();
        assert_eq!(map(&items, |n| n * 2), items.iter().map(|n| n * 2).collect::<Vec<_>>());
        assert!(map(&items[..0], |n| *n).is_empty());
        assert_eq!(map_waiting(&items, |n| n * 2), map(&items, |n| n * 2));
        assert!(map_waiting(&items[..0], |n| *n).is_empty());
    }

    #[test]
    fn items_that_wait_wait_together() {
        let all = std::sync::Barrier::new(8);
        assert_eq!(map_waiting(&[(); 8], |()| all.wait().is_leader()).len(), 8);
    }
}
