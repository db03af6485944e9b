using Faas.Actors.Lending;

namespace Faas.Actors.Tests.Lending;

/// <summary>An authority that a test gives and takes.</summary>
public sealed class SettableAuthority : IAuthority
{
    public TimeSpan Lasts { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>The term, while there is one.</summary>
    public long Number { get; set; } = 1;

    public TimeSpan OfOthers { get; set; }

    public TimeSpan Left(string id) => Lasts;

    public long Term(string id) => Number;

    public bool Holds(string id, long term) => term == Number && Lasts > TimeSpan.Zero;

    public TimeSpan LeftOfOthers(string id) => OfOthers;
}
