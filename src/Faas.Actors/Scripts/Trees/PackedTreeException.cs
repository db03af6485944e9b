namespace Faas.Actors.Scripts.Trees;

/// <summary>A packed tree cannot be taken.</summary>
/// <param name="message">Why, as a sentence that names the file.</param>
/// <param name="isTooLarge">Whether it has more files or bytes than allowed.</param>
/// <param name="inner">What was thrown when it was read.</param>
public sealed class PackedTreeException(string message, bool isTooLarge = false, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Whether it has more files or bytes than allowed.</summary>
    public bool IsTooLarge { get; } = isTooLarge;
}
