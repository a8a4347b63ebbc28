//! Quantities as Kubernetes writes them, for example `12m`, `345Ki` or `1.5`.

/// The suffixes of `k8s.io/apimachinery/pkg/api/resource`, those of two letters first. A number may have an exponent instead.
const SUFFIXES: [(&str, f64); 16] = [
    ("Ki", 1024.0),
    ("Mi", 1_048_576.0),
    ("Gi", 1_073_741_824.0),
    ("Ti", 1_099_511_627_776.0),
    ("Pi", 1_125_899_906_842_624.0),
    ("Ei", 1_152_921_504_606_846_976.0),
    ("n", 1e-9),
    ("u", 1e-6),
    ("m", 1e-3),
    ("k", 1e3),
    ("M", 1e6),
    ("G", 1e9),
    ("T", 1e12),
    ("P", 1e15),
    ("E", 1e18),
    ("", 1.0),
];

/// The value of a quantity. None if the text is none.
pub fn parse(text: &str) -> Option<f64> {
    let value = SUFFIXES.into_iter().find_map(|(suffix, factor)| {
        let number = text.strip_suffix(suffix)?;
        // Rust also reads `inf` and `nan` as numbers.
        let is_number = number.ends_with(|last: char| last.is_ascii_digit() || last == '.');
        is_number.then(|| number.parse::<f64>().ok())?.map(|number| number * factor)
    })?;
    value.is_finite().then_some(value)
}

/// A quantity of CPU in thousandths of a core, rounded.
pub fn millicores(text: &str) -> Option<i64> {
    Some((parse(text)? * 1000.0).round() as i64)
}

/// A quantity of memory in bytes, rounded.
pub fn bytes(text: &str) -> Option<i64> {
    Some(parse(text)?.round() as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities_are_read() {
        let cases = [
            ("12m", Some(0.012)),
            ("345Ki", Some(353_280.0)),
            ("1.5", Some(1.5)),
            ("187n", Some(1.87e-7)),
            ("2M", Some(2e6)),
            ("1e3", Some(1e3)),
            ("2E3", Some(2e3)),
            ("5.", Some(5.0)),
            ("x", None),
            ("", None),
            ("m", None),
            ("inf", None),
            ("NaN", None),
            ("1e999", None),
        ];
        for (text, expected) in cases {
            match (parse(text), expected) {
                (Some(found), Some(expected)) => assert!((found - expected).abs() < 1e-9, "{text}"),
                (found, expected) => assert_eq!(found, expected, "{text}"),
            }
        }
    }

    #[test]
    fn cpu_is_counted_in_millicores_and_memory_in_bytes() {
        assert_eq!(["29m", "0.57", "1.1", "2", "1500u"].map(millicores), [29, 570, 1100, 2000, 2].map(Some));
        assert_eq!(
            ["64Mi", "1G", "1.5Gi", "x"].map(bytes),
            [Some(67_108_864), Some(1_000_000_000), Some(1_610_612_736), None]
        );
    }
}
