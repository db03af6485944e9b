namespace Faas.Bench;

/// <summary>Tells on stderr what is measured now, since a run takes minutes.</summary>
internal static class Progress
{
    public static void Measuring(string what) => Console.Error.WriteLine($"{DateTime.Now:HH:mm:ss} measuring {what}");
}
