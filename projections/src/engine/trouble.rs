//! Classifies errors of the database by who can act on them.

/// Who can act on an error of the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// The user: Postgres cannot store or compare a value.
    Value,
    /// The user: the statement exceeded its time limit.
    TooSlow,
    /// The developer: Postgres refused the statement, or its answer has an unexpected shape.
    Broken,
    /// The operator, or nobody: Postgres did not answer, or could not.
    Unavailable,
}

impl From<&sqlx::Error> for Trouble {
    fn from(error: &sqlx::Error) -> Self {
        match error {
            sqlx::Error::Database(error) => error.code().map_or(Self::Unavailable, |code| of_state(&code)),
            sqlx::Error::Encode(_)
            | sqlx::Error::Decode(_)
            | sqlx::Error::ColumnDecode { .. }
            | sqlx::Error::ColumnNotFound(_)
            | sqlx::Error::ColumnIndexOutOfBounds { .. }
            | sqlx::Error::RowNotFound
            | sqlx::Error::TypeNotFound { .. } => Self::Broken,
            _ => Self::Unavailable,
        }
    }
}

/// By SQLSTATE: its first two characters are the class.
fn of_state(code: &str) -> Trouble {
    match code {
        "57014" => Trouble::TooSlow,
        // Wrong data, and limits of a value.
        _ if ["22", "54"].iter().any(|class| code.starts_with(class)) => Trouble::Value,
        // Cardinality, constraints, names and rights, or an error raised by a trigger.
        _ if ["21", "23", "42", "P0"].iter().any(|class| code.starts_with(class)) => Trouble::Broken,
        _ => Trouble::Unavailable,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sqlstate_class_decides_who_can_act() {
        for (code, trouble) in [
            ("22021", Trouble::Value),
            ("22008", Trouble::Value),
            ("54000", Trouble::Value),
            ("57014", Trouble::TooSlow),
            ("23505", Trouble::Broken),
            ("42P01", Trouble::Broken),
            ("57P01", Trouble::Unavailable),
            ("53300", Trouble::Unavailable),
            ("40001", Trouble::Unavailable),
            ("08006", Trouble::Unavailable),
        ] {
            assert_eq!(of_state(code), trouble, "{code}");
        }
        assert_eq!(Trouble::from(&sqlx::Error::PoolTimedOut), Trouble::Unavailable);
        assert_eq!(Trouble::from(&sqlx::Error::RowNotFound), Trouble::Broken);
    }
}
