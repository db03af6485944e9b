namespace Faas.Http.Configuration;

/// <summary>What the files of one call may take.</summary>
/// <param name="Count">The most files; 0: a call brings none.</param>
/// <param name="Bytes">The most bytes of all files together.</param>
public sealed record FileLimits(int Count, long Bytes)
{
    /// <summary>Those of the shipped settings.</summary>
    public static FileLimits Shipped { get; } = new(100, 16 << 20);
}
