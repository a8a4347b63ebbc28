//! What is printed: one line a cell, so that a run that is cut off still says what it measured.

/// The median, and the least and the greatest.
pub fn spread(mut figures: Vec<f64>) -> (f64, f64, f64) {
    figures.sort_by(f64::total_cmp);
    match figures.as_slice() {
        [] => (f64::NAN, f64::NAN, f64::NAN),
        some => (some[some.len() / 2], some[0], some[some.len() - 1]),
    }
}

/// `median (least to greatest)`.
pub fn words(figures: Vec<f64>, digits: usize) -> String {
    let (median, least, greatest) = spread(figures);
    format!("{median:.digits$} ({least:.digits$} to {greatest:.digits$})")
}

pub fn quantile(figures: &mut [f64], at: f64) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures.get(((figures.len() as f64 - 1.0) * at).round() as usize).copied().unwrap_or(f64::NAN)
}
