namespace Faas.Actors.Configuration;

/// <summary>A setting has a value that is not allowed. The message is one line for the operator.</summary>
public sealed class SettingException : Exception
{
    /// <summary>One setting is wrong. The message names the key, the value and what is allowed.</summary>
    public SettingException(string key, string? value, string allowed)
        : base($"{key} = {(value is null ? "(missing)" : $"\"{value}\"")}: allowed is {allowed}.") => Key = key;

    /// <summary>A whole file cannot be read.</summary>
    public SettingException(string message)
        : base(message)
    {
    }

    /// <summary>One setting is wrong. The message also tells where the value came from.</summary>
    public SettingException(SettingException wrong, string origin)
        : base($"{wrong.Message} {origin}", wrong) => Key = wrong.Key;

    /// <summary>The key of the wrong setting; null when a whole file is wrong.</summary>
    public string? Key { get; }
}
