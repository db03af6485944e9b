namespace Faas.Bench.Settings;

/// <summary>How much is measured.</summary>
internal enum BenchScope
{
    /// <summary>Every table of the ways side by side.</summary>
    Full,

    /// <summary>Their ratios alone.</summary>
    Quick,

    /// <summary>Full stores, long scripts, many that wait.</summary>
    Scale,

    /// <summary>What the proxy of sandboxes costs.</summary>
    Network,

    /// <summary>What the libraries of scripts cost.</summary>
    Libraries,
}
