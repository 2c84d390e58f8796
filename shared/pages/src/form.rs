//! What can be wrong with one field of a form.

/// A refusal of what was typed into one field. The template says it in words that name the field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldProblem {
    Missing,
    /// Not something mail can be sent to.
    NotAnAddress,
    TooLong {
        /// How many characters fit.
        max: usize,
    },
    /// Not one of the choices on offer, or no longer one.
    NotOffered,
    /// Holds characters that text cannot have.
    Unreadable,
    NotAPhone,
    NotAnIp,
    NotANumber,
    /// Not in the form that the field asks for.
    NotAMatch,
    NotADate,
    TooEarly,
    TooLate,
    /// Something that a spreadsheet would take for a formula.
    Formula,
}
