//! Readable names of functions: for C++ the scopes and the name, without the arguments.

/// "v8::String::NewFromUtf8" for `_ZN2v86String11NewFromUtf8E…` and `?NewFromUtf8@String@v8@@…`;
/// returns any other name unchanged.
#[must_use]
pub fn readable(name: &str) -> String {
    itanium(name).or_else(|| msvc(name)).unwrap_or_else(|| name.to_owned())
}

fn itanium(name: &str) -> Option<String> {
    let rest = name.strip_prefix("_Z")?;
    let (what, rest) = match rest.get(..2)? {
        "TV" => ("virtual table of ", &rest[2..]),
        "TI" | "TS" => ("type information of ", &rest[2..]),
        _ => ("", rest),
    };
    let mut rest = rest.strip_prefix('N')?;
    rest = rest.strip_prefix('K').unwrap_or(rest);
    let mut parts: Vec<String> = Vec::new();
    loop {
        let digits = rest.bytes().take(4).take_while(u8::is_ascii_digit).count();
        if digits > 0 {
            let length: usize = rest.get(..digits)?.parse().ok()?;
            parts.push(rest.get(digits..digits + length)?.to_owned());
            rest = rest.get(digits + length..)?;
            continue;
        }
        let class = parts.last().cloned();
        match (rest.get(..2), class) {
            (Some("C1" | "C2" | "C3"), Some(class)) => parts.push(class),
            (Some("D0" | "D1" | "D2"), Some(class)) => parts.push(format!("~{class}")),
            _ => {}
        }
        break;
    }
    (parts.len() > 1).then(|| format!("{what}{}", parts.join("::")))
}

fn msvc(name: &str) -> Option<String> {
    let rest = name.strip_prefix('?')?;
    let (qualified, _) = rest.split_once("@@")?;
    if qualified.contains("?$") {
        return None;
    }
    let (prefix, qualified) = match (qualified.strip_prefix("?0"), qualified.strip_prefix("?1")) {
        (Some(rest), _) => (Some(""), rest),
        (_, Some(rest)) => (Some("~"), rest),
        _ if qualified.starts_with('?') => return None,
        _ => (None, qualified),
    };
    let mut parts: Vec<String> = qualified.split('@').rev().map(str::to_owned).collect();
    if let Some(prefix) = prefix {
        parts.push(format!("{prefix}{}", parts.last()?));
    }
    (parts.len() > 1).then(|| parts.join("::"))
}

#[cfg(test)]
mod tests {
    use super::readable;

    #[test]
    fn cpp_names_are_demangled_with_their_scopes() {
        for (name, expected) in [
            (
                "_ZN2v86String11NewFromUtf8EPNS_7IsolateEPKcNS_13NewStringTypeEi",
                "v8::String::NewFromUtf8",
            ),
            ("_ZN2v811HandleScopeC1EPNS_7IsolateE", "v8::HandleScope::HandleScope"),
            ("_ZNK2v85Value8ToNumberENS_5LocalINS_7ContextEEE", "v8::Value::ToNumber"),
            ("_ZTVN2v87TracingE", "virtual table of v8::Tracing"),
            ("?New@Object@v8@@SA?AV?$Local@VObject@v8@@@2@PEAVIsolate@2@@Z", "v8::Object::New"),
            ("??1HandleScope@v8@@QEAA@XZ", "v8::HandleScope::~HandleScope"),
            ("napi_create_object", "napi_create_object"),
            ("_ZN", "_ZN"),
            ("_ZN999v8E", "_ZN999v8E"),
        ] {
            assert_eq!(readable(name), expected);
        }
    }
}
