"""One page per question that a person asks. Each is a script that Streamlit runs anew at every press."""
