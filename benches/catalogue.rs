//! Prints the processor time that lists take, without HTTP around them.

#![expect(clippy::print_stdout, reason = "printing is all that it is for")]

fn main() -> anyhow::Result<()> {
    for (list, time) in starwars_api::benchmark()? {
        println!("{list:<20} {:>9.2} us", time.as_secs_f64() * 1e6);
    }
    Ok(())
}
