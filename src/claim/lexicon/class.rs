//! The parts that words play in recognition.

use serde::Deserialize;

/// Longest word or phrase that is looked up, in bytes.
pub const LONGEST: usize = 40;

macro_rules! classes {
    ($($(#[doc = $doc:literal])+ $name:ident,)+) => {
        /// A part that a word can play. The names in data files are these in snake case.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Class {
            $($(#[doc = $doc])+ $name,)+
        }

        impl Class {
            /// Every class, in the order of declaration.
            pub const ALL: &[Class] = &[$(Class::$name,)+];

            /// What it means, in one line.
            pub fn meaning(self) -> &'static str {
                match self { $(Class::$name => concat!($($doc),+).trim_ascii(),)+ }
            }

            /// The name in data files and in trueup.toml.
            pub fn name(self) -> String {
                let mut name = String::new();
                for letter in match self { $(Class::$name => stringify!($name),)+ }.chars() {
                    if letter.is_ascii_uppercase() && !name.is_empty() {
                        name.push('_');
                    }
                    name.push(letter.to_ascii_lowercase());
                }
                name
            }

            /// The class called `name`, if there is one.
            pub fn from_name(name: &str) -> Option<Class> {
                Class::ALL.iter().copied().find(|class| class.name() == name)
            }
        }
    };
}

classes! {
    /// Says which state a thing is in.
    State,
    /// Begins a phrase that the lexicon knows.
    PhraseStart,
    /// The second word of a phrase of several.
    PhraseNext,
    /// Says how many of a whole without a number ("most of the 21").
    Share,
    /// A number in letters.
    NumberWord,
    /// Of these, a power of ten that multiplies the number before it.
    Scale,
    /// A state word that is a verb with its subject before it.
    Verb,
    /// Of these, a form that needs a subject in the plural.
    BaseVerb,
    /// A state word too common in other senses to stand without a label, a symbol or a copula.
    Weak,
    /// An adverb that can stand before or after a state word.
    Adverb,
    /// An adverb that takes a state back in part.
    PartialAdverb,
    /// An adverb of completeness.
    Fully,
    /// Turns a state round.
    Negator,
    /// Joins a subject to its state.
    Copula,
    /// Speaks of all members of a set.
    Quantifier,
    /// Speaks of none.
    Nothing,
    /// An article or a word in its place.
    Determiner,
    /// Stands for a noun.
    Pronoun,
    /// Ends a noun phrase.
    Link,
    /// Joins two states or two nouns.
    Conjunction,
    /// A link that begins what a subject does not need.
    With,
    /// A noun for what is wrong.
    Defect,
    /// Of these, one whose number is that of the things that fail.
    Failure,
    /// An adjective that a subject does not need.
    Filler,
    /// What is measured rather than counted.
    Unit,
    /// A noun for what is worked through or with: a number of it counts something only where a state is said of it.
    Workload,
    /// A number after it names instead of counting.
    Ordinal,
    /// A share of it is no status.
    Resource,
    /// Makes a share a comparison.
    Comparative,
    /// About.
    Approx,
    /// At least.
    AtLeast,
    /// More than.
    MoreThan,
    /// At most.
    AtMost,
    /// Less than.
    LessThan,
    /// Stands between a part and its whole.
    OutOf,
    /// After a number it says which part of a whole is counted.
    Tally,
    /// A label or column whose number counts something.
    TallyNoun,
    /// The percent sign as a word.
    Percent,
    /// Turns a sentence.
    Contrast,
    /// Takes something out of a whole.
    Exception,
    /// Stands before the first step of a change.
    From,
    /// Stands before the last step of a change.
    To,
    /// A state that a size has as well as a thing.
    Room,
    /// A quantifier for a whole set at once.
    Whole,
    /// A noun for a share.
    Rate,
    /// A rate of things that go well.
    GoodRate,
    /// A label that names no subject.
    Generic,
    /// Cue of a rule.
    Rule,
    /// Cue of a goal or threshold.
    Goal,
    /// Cue of a plan.
    Plan,
    /// Cue of a condition.
    Condition,
    /// Cue of history, or of what others claimed.
    History,
    /// Cue of an example.
    Example,
    /// Cue of a possibility.
    Modal,
    /// Cue of a capacity.
    Capacity,
    /// A verb that opens an instruction.
    Imperative,
    /// A participle that opens an entry of a change log.
    Past,
    /// After a symbol it makes the symbol mean do or don't.
    Advice,
    /// A state word that says of a piece of work that it is over ("Phase 2 complete: …").
    Finished,
    /// Gives its state to a compound that ends in it.
    Suffix,
    /// In a label: what stands behind it is no present state.
    Former,
    /// Opens a question.
    Question,
    /// A label for the meaning of symbols.
    Legend,
    /// In a heading: what follows is the state of things.
    StatusHeading,
    /// In a heading: what follows praises.
    FeatureHeading,
    /// In a heading: what follows are rules.
    RuleHeading,
    /// In a heading: what follows are plans.
    PlanHeading,
    /// In a heading: what follows is past.
    HistoryHeading,
    /// In a heading: what follows is an example.
    ExampleHeading,
    /// Of the cues of headings, a noun that announces only as the last of its phrase: "Order history", but not "History view".
    TopicNoun,
    /// In the header of a column: its cells are no present state.
    ColumnGoal,
    /// In the header of a column: its cells are present state.
    ColumnState,
    /// A state word that also tells what is regularly done to a thing ("is logged").
    Process,
    /// Leads on to how or by whom something is done.
    Manner,
    /// Says that it is so at this moment.
    Now,
    /// Before a share it says by how much something changes.
    By,
    /// Leads on to the role in which something is so ("available as").
    Role,
    /// A state word that as a verb tells where things are kept ("the patterns live in …").
    Dwells,
    /// Opens a clause of time, which asserts nothing.
    Temporal,
    /// Opens a proviso behind what would be said.
    Proviso,
    /// The reader or the writer, who is no part of the project.
    Person,
    /// A label or column whose text explains instead of stating.
    Explanation,
    /// Ends a lead-in whose list goes on with its sentence.
    Continued,
    /// A word for a look at the state of things: a date behind it says when.
    Look,
    /// A noun for a look, which needs a word of `latest` before it.
    LookNoun,
    /// Says that of several looks the last is meant.
    Latest,
    /// May stand between a look and its date.
    LookLink,
    /// Tells a time from now on or back, without a fixed point.
    Relative,
    /// The name of a month.
    Month,
    /// Says of its subject that work is still to be done on it.
    Need,
    /// A verb of what a thing does: with its subject before it, or as an answer, it makes a sentence.
    Acts,
    /// A participle that is no state word and is denied ("not franked"), set as the text is read.
    Denied,
    /// A noun for what only stands for the thing to come ("the parser is a stub").
    Makeshift,
    /// A phrase with a state word in it that says no state ("fails closed").
    Idiom,
    /// Of the weak state words, one that has no other sense behind a copula at the end of its clause ("is down").
    Bare,
}

/// A set of classes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Classes([u32; 3]);

impl Classes {
    /// No class.
    pub const NONE: Classes = Classes([0; 3]);

    /// A set of the given classes.
    pub const fn of(list: &[Class]) -> Classes {
        let mut bits = [0; 3];
        let mut at = 0;
        while at < list.len() {
            bits[list[at] as usize >> 5] |= 1 << (list[at] as usize & 31);
            at += 1;
        }
        Classes(bits)
    }

    /// Adds a class.
    pub fn insert(&mut self, class: Class) {
        self.0[class as usize >> 5] |= 1 << (class as usize & 31);
    }

    /// Adds all of another set.
    pub fn add(&mut self, other: Classes) {
        self.0[0] |= other.0[0];
        self.0[1] |= other.0[1];
        self.0[2] |= other.0[2];
    }

    /// Those that `other` has too.
    pub fn only(self, other: Classes) -> Classes {
        Classes([self.0[0] & other.0[0], self.0[1] & other.0[1], self.0[2] & other.0[2]])
    }

    /// Whether `other` has all of them.
    pub fn only_in(self, other: Classes) -> bool {
        self.only(other) == self
    }

    /// Whether `class` is in the set.
    pub fn has(self, class: Class) -> bool {
        self.0[class as usize >> 5] & 1 << (class as usize & 31) != 0
    }

    /// Whether the sets share a class.
    pub fn any(self, other: Classes) -> bool {
        (self.0[0] & other.0[0]) | (self.0[1] & other.0[1]) | (self.0[2] & other.0[2]) != 0
    }
}

const _: () = assert!(Class::ALL.len() <= 96, "a set of classes is 96 bits");
