//! Carriers of environment variables (environment files, Compose files, Helm values, Kubernetes
//! manifests): what the process sees after quoting and substitution, and how a value must be written
//! so that the process sees it.
