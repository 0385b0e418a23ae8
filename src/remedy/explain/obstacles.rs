//! Reasons for which a download fails, recognized by the texts of Node.js and OpenSSL.

/// The reason for which a download failed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Obstacle {
    Certificate,
    Proxy,
    Network,
    Refused,
}

impl Obstacle {
    pub fn reason(self) -> &'static str {
        match self {
            Obstacle::Certificate => {
                "the certificate of the server isn't trusted, which happens where a company or a \
                    virus scanner inspects the traffic"
            }
            Obstacle::Proxy => "the proxy rejected the connection",
            Obstacle::Network => "the connection to the server failed",
            Obstacle::Refused => "the server rejects the request",
        }
    }

    pub fn fix(self) -> &'static str {
        match self {
            Obstacle::Certificate => {
                "Name the certificate that signs the traffic: NODE_EXTRA_CA_CERTS=<file.pem> for \
                    install scripts, and cafile=<file.pem> in .npmrc for npm"
            }
            Obstacle::Proxy => {
                "Check the proxy: HTTPS_PROXY and npm's https-proxy, with the name and password \
                    that it requires"
            }
            Obstacle::Network => {
                "Check the network, the firewall and the proxy (HTTPS_PROXY), or use a mirror that \
                    can be reached"
            }
            Obstacle::Refused => {
                "Try again later, or use a mirror: servers limit how often addresses may ask"
            }
        }
    }
}

/// The reason in a line, by the texts of Node.js and OpenSSL.
pub(super) fn obstacle(line: &str) -> Option<Obstacle> {
    const CERTIFICATE: [&str; 8] = [
        "issuer certificate",
        "self signed certificate",
        "self-signed certificate",
        "first certificate",
        "certificate has expired",
        "CERT_HAS_EXPIRED",
        "SELF_SIGNED_CERT",
        "altnames",
    ];
    const PROXY: [&str; 2] = ["tunneling socket", "Proxy Authentication"];
    const NETWORK: [&str; 12] = [
        "ECONNREFUSED",
        "ECONNRESET",
        "ETIMEDOUT",
        "ENOTFOUND",
        "EAI_AGAIN",
        "ENETUNREACH",
        "EHOSTUNREACH",
        "socket hang up",
        "Request timed out",
        "network timeout",
        "wrong version number",
        "unexpected end of file",
    ];
    let has = |words: &[&str]| words.iter().any(|word| line.contains(word));
    if has(&CERTIFICATE) {
        Some(Obstacle::Certificate)
    } else if has(&PROXY) {
        Some(Obstacle::Proxy)
    } else if has(&NETWORK) {
        Some(Obstacle::Network)
    } else if ["status code 403", "status 403", "status code 429", "status code 5"]
        .iter()
        .any(|word| line.contains(word))
    {
        Some(Obstacle::Refused)
    } else {
        None
    }
}
