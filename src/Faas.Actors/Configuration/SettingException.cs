namespace Faas.Actors.Configuration;

/// <summary>A setting has a value that it may not have. The message is the one line an operator needs.</summary>
public sealed class SettingException : Exception
{
    /// <summary>Names the key, the value and what is allowed.</summary>
    public SettingException(string key, string? value, string allowed)
        : base($"{key} = {(value is null ? "(missing)" : $"\"{value}\"")}: allowed is {allowed}.") => Key = key;

    /// <summary>For a file that cannot be read at all.</summary>
    public SettingException(string message)
        : base(message)
    {
    }

    /// <summary>Adds where the value came from to what is wrong with it.</summary>
    public SettingException(SettingException wrong, string origin)
        : base($"{wrong.Message} {origin}", wrong) => Key = wrong.Key;

    /// <summary>The key whose value is wrong; null when a whole file is.</summary>
    public string? Key { get; }
}
