namespace Faas.Bench.Reports;

/// <summary>One figure beside the one that it is compared with, in words.</summary>
/// <param name="What">What is compared.</param>
/// <param name="Ours">Our figure.</param>
/// <param name="Beside">The other, with its way's name.</param>
/// <param name="Times">How many times better ours is, or what part of the floor.</param>
/// <param name="Target">What issue 4 wants.</param>
/// <param name="Met">Whether it is so.</param>
internal sealed record Ratio(string What, string Ours, string Beside, string Times, string Target, bool Met);
