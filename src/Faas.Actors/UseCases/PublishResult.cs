using Faas.Actors.Runs;

namespace Faas.Actors.UseCases;

/// <summary>What came of asking for a new version.</summary>
public abstract record PublishResult;

/// <summary>The version is durable.</summary>
/// <param name="Version">Its number.</param>
/// <param name="Check">How its check in a sandbox went: ok.</param>
/// <param name="IsUnchanged">Whether it is the version that was the latest before, with this code and these settings.</param>
public sealed record Published(long Version, Outcome Check, bool IsUnchanged = false) : PublishResult;

/// <summary>A dry run: the version would be stored, and was not.</summary>
/// <param name="Latest">The number of the version that is the latest; 0: there is no such script.</param>
/// <param name="Check">How its check in a sandbox went: ok.</param>
public sealed record Publishable(long Latest, Outcome Check) : PublishResult;

/// <summary>The code was checked and is not good, or could not be checked; nothing was stored.</summary>
/// <param name="Outcome">Why. Without <see cref="Outcome.Warmth"/> the code never reached a sandbox.</param>
public sealed record NotPublished(Outcome Outcome) : PublishResult;

/// <summary>The server did not take the code; whether it was stored is not known when the store fell silent.</summary>
/// <param name="Refusal">Why not.</param>
/// <param name="Check">How its check went; null: it was not checked.</param>
public sealed record PublishNotTaken(Refusal Refusal, Outcome? Check) : PublishResult;
