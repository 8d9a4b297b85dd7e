"""Live changes to the pages that watch: numbered, bounded, and every loss counted."""
