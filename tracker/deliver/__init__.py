"""The delivering pass: makes messages of due notices, sends them and records the outcomes. Decides nothing."""
