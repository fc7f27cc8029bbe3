//! `[render]`: how sections and reports are written.

use super::keys;
use super::policy::TemplateFolder;
use super::reader::Value;
use super::setting::Setting;

/// Reads where the user's templates are.
pub(super) fn templates(value: &Value, setting: Setting) -> Option<TemplateFolder> {
    let folder = value.table(&keys::RENDER)?.get("templates")?;
    let span = folder.span;
    Some(TemplateFolder { path: setting.folder(Some(folder))?, span })
}
