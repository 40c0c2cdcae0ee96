//! What the portal works out without a browser: drafts of policies, what news are about, the ends of lines. No page, no
//! clock and no network in here, so that all of it is tested on any machine.

mod axis;
mod clock;
mod connection;
pub mod draft;
mod events;
mod extension;
mod instance;
mod json;
mod keys;
mod lines;
mod news;
mod pages;
mod scopes;
mod together;

pub use axis::rounds;
pub use clock::{ahead, seconds_until};
pub use connection::{Target, Way, usual_user};
pub use events::{EventStream, ServerEvent};
pub use extension::{Allows, Extension, Granted};
pub use instance::{is_instance, named_in, same_machine};
pub use json::{array, object, quoted};
pub use keys::key_of;
pub use lines::{LineEnds, with_line_feeds};
pub use news::{Fetch, Touched};
pub use pages::Pages;
pub use scopes::from_the_widest;
pub use together::together;
