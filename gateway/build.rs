//! The migrations and the dashboard are embedded: a new file among them must lead to a new build.

fn main() {
    println!("cargo::rerun-if-changed=../migrations");
    println!("cargo::rerun-if-changed=../frontend/out");
}
